// Package web is the pages that people see: sign-in, dashboard, inbox,
// conversation, compose, preferences. They are rendered on the server, work as
// plain links and forms, and give the browser client (static/js) the hooks that
// make them live.
//
// Every handler that shows or does something goes through hub.Hub as the actor
// of the session; what is forbidden and what is unknown is the same page.
//
// Start reading at web.go (routes), visitor.go (who asks) and page.go (how a
// page is rendered). The words are in static/words, the templates in
// static/templates.
package web
