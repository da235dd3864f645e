package api

import (
	"net/http"

	"github.com/homeline/homeline/hub"
	"github.com/homeline/homeline/hub/roster"
	"github.com/homeline/homeline/transport/operation"
)

func (a *api) unread(r *http.Request, actor hub.Actor) (answer, error) {
	result, err := a.operations.Unread(r.Context(), actor)
	return ok(result), err
}

func (a *api) inbox(r *http.Request, actor hub.Actor) (answer, error) {
	q := query{values: r.URL.Query()}
	request := operation.InboxRequest{
		After: q.values.Get("after"), Limit: int(q.number("limit")), UnreadOnly: q.flag("unread_only"),
		Name: q.values.Get("name"), Section: q.values.Get("section"),
	}
	if q.err != nil {
		return answer{}, q.err
	}
	result, err := a.operations.Inbox(r.Context(), actor, request)
	return ok(result), err
}

func (a *api) contacts(r *http.Request, actor hub.Actor) (answer, error) {
	q := query{values: r.URL.Query()}
	request := operation.ContactsRequest{
		Side: roster.Side(q.values.Get("side")), School: q.values.Get("school"), Grade: q.values.Get("grade"),
		Course: q.values.Get("course"), Section: q.values.Get("section"), Teacher: q.values.Get("teacher"),
		Name: q.values.Get("name"), After: q.values.Get("after"), Limit: int(q.number("limit")),
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
	request.Key = key(r, request.Key)
	result, err := a.operations.Start(r.Context(), actor, request)
	return stored(result, result.Repeated), err
}

func (a *api) conversation(r *http.Request, actor hub.Actor) (answer, error) {
	result, err := a.operations.Conversation(r.Context(), actor, operation.ConversationRequest{Conversation: conversationOf(r)})
	return ok(result), err
}

func (a *api) messages(r *http.Request, actor hub.Actor) (answer, error) {
	q := query{values: r.URL.Query()}
	request := operation.MessagesRequest{
		Conversation: conversationOf(r),
		After:        q.number("after"), Before: q.number("before"), Limit: int(q.number("limit")),
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
	request.Conversation, request.Key = conversationOf(r), key(r, request.Key)
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
