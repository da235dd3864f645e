package sqlite

import (
	"context"
	"database/sql"
	"fmt"
)

// statements are prepared once for a pool, by their text.
type statements map[string]*sql.Stmt

// prepare must come before the pool is in use: inside a transaction of the one
// writer it would wait for itself.
func prepare(ctx context.Context, pool *sql.DB, texts []string) (statements, error) {
	all := make(statements, len(texts))
	for _, text := range texts {
		stmt, err := pool.PrepareContext(ctx, text)
		if err != nil {
			return nil, fmt.Errorf("prepare %.60q: %w", text, err)
		}
		all[text] = stmt
	}
	return all, nil
}

// query runs a statement within a transaction: the prepared one, where there is
// one of that text.
func (s statements) query(ctx context.Context, tx *sql.Tx, text string, args ...any) (*sql.Rows, error) {
	if stmt := s[text]; stmt != nil {
		return tx.StmtContext(ctx, stmt).QueryContext(ctx, args...)
	}
	return tx.QueryContext(ctx, text, args...)
}

func (s statements) queryRow(ctx context.Context, tx *sql.Tx, text string, args ...any) *sql.Row {
	if stmt := s[text]; stmt != nil {
		return tx.StmtContext(ctx, stmt).QueryRowContext(ctx, args...)
	}
	return tx.QueryRowContext(ctx, text, args...)
}

func (s statements) exec(ctx context.Context, tx *sql.Tx, text string, args ...any) error {
	var err error
	if stmt := s[text]; stmt != nil {
		_, err = tx.StmtContext(ctx, stmt).ExecContext(ctx, args...)
	} else {
		_, err = tx.ExecContext(ctx, text, args...)
	}
	return err
}

var (
	writeTexts = []string{
		selectByKey, selectState, insertMessage, updateConversation, updateOwn, updateBuckets, bumpInboxes, makeNotices, selectAudience,
		selectStart, selectStarted, insertStart, insertConversation, insertParticipant, insertTie, insertStarted,
		deleteContinuation, selectMark, countOthers, selectUnreadMarks, selectSentUntil, updateMark, updateRead, selectHead,
		selectSealable, selectEnd, insertSeal, updateSeal, insertContinuations, saveDraft, deleteDraft,
		selectDueMails, takeOverMail, selectDueNotices, dropNotice, moveNotice, insertMail, insertPart, updateMailed,
		selectChoices, selectUnread, selectFresh, selectParts, selectLeased, selectStill, updateCalling, updateSettled,
	}
	readTexts = []string{
		selectEpoch, selectHead, selectHeads, selectTails, selectStandings, selectTakesPart, selectMessagesAfter, selectMessagesBefore,
		selectHeader, selectSuccessors, selectSeal, selectParticipants, selectTies,
		selectPage, selectFiltered, selectRows, selectContinuations, selectDraft, selectDrafts, selectStartedWith,
		selectNext, selectMail, selectParts, selectAddresses,
	}
)
