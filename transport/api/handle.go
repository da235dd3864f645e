package api

import (
	"net/http"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/operation"
)

func (a *api) unread(r *http.Request, actor hub.Actor) (answer, error) {
	result, err := a.operations.State(r.Context(), actor)
	return ok(result), err
}

func (a *api) inbox(r *http.Request, actor hub.Actor) (answer, error) {
	q := queryOf(r)
	request := operation.InboxRequest{
		After: q.text("after"), Limit: q.count("limit"), UnreadOnly: q.flag("unread_only"),
		Name: q.text("name"), Section: q.text("section"),
	}
	if q.err != nil {
		return answer{}, q.err
	}
	result, err := a.operations.Inbox(r.Context(), actor, request)
	return ok(result), err
}

func (a *api) contacts(r *http.Request, actor hub.Actor) (answer, error) {
	q := queryOf(r)
	request := operation.ContactsRequest{
		Side: roster.Side(q.text("side")), School: q.text("school"), Grade: q.text("grade"),
		Course: q.text("course"), Section: q.text("section"), Teacher: q.text("teacher"),
		Name: q.text("name"), After: q.text("after"), Limit: q.count("limit"),
	}
	if q.err != nil {
		return answer{}, q.err
	}
	result, err := a.operations.Contacts(r.Context(), actor, request)
	return ok(result), err
}

func (a *api) start(r *http.Request, actor hub.Actor) (answer, error) {
	var request operation.StartRequest
	if err := body(r, &request); err != nil {
		return answer{}, err
	}
	var err error
	if request.Key, err = key(r, request.Key); err != nil {
		return answer{}, err
	}
	result, err := a.operations.Start(r.Context(), actor, request)
	return stored(result, result.Repeated), err
}

func (a *api) conversation(r *http.Request, actor hub.Actor) (answer, error) {
	q := queryOf(r)
	request := operation.ConversationRequest{Conversation: conversationOf(r), ParticipantsAfter: q.count("participants_after")}
	if q.err != nil {
		return answer{}, q.err
	}
	result, err := a.operations.Conversation(r.Context(), actor, request)
	return ok(result), err
}

func (a *api) messages(r *http.Request, actor hub.Actor) (answer, error) {
	q := queryOf(r)
	request := operation.MessagesRequest{
		Conversation: conversationOf(r),
		After:        q.number("after"), Before: q.number("before"), Limit: q.count("limit"),
	}
	if q.err != nil {
		return answer{}, q.err
	}
	result, err := a.operations.Messages(r.Context(), actor, request)
	return ok(result), err
}

func (a *api) send(r *http.Request, actor hub.Actor) (answer, error) {
	var request operation.SendRequest
	if err := body(r, &request); err != nil {
		return answer{}, err
	}
	request.Conversation = conversationOf(r)
	var err error
	if request.Key, err = key(r, request.Key); err != nil {
		return answer{}, err
	}
	result, err := a.operations.Send(r.Context(), actor, request)
	return stored(result, result.Repeated), err
}

func (a *api) read(r *http.Request, actor hub.Actor) (answer, error) {
	var request operation.ReadRequest
	if err := body(r, &request); err != nil {
		return answer{}, err
	}
	request.Conversation = conversationOf(r)
	result, err := a.operations.Read(r.Context(), actor, request)
	return ok(result), err
}

func (a *api) seal(r *http.Request, actor hub.Actor) (answer, error) {
	var request operation.SealRequest
	if err := body(r, &request); err != nil {
		return answer{}, err
	}
	request.Conversation = conversationOf(r)
	result, err := a.operations.Seal(r.Context(), actor, request)
	return ok(result), err
}
