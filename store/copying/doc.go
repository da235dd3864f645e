// Package copying takes what a SQLite file holds into an empty PostgreSQL
// database: every row of every table, in one transaction, compared afterwards by
// number and by digest.
package copying
