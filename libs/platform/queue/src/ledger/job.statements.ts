import { timedStatement } from './portable-time';

const CLAIMED = 'id, kind, name, payload, context, attempts, max_attempts, crashes, claims';
const LET_GO = 'locked_by = NULL, locked_until = NULL, claims = claims + 1';
const TAKEN =
  "state = 'running', claims = claims + 1, locked_by = :worker, locked_until = {now + lease}, started_at = {now}";

/** Write a row, unless one with its name and key is there. */
export const INSERT = timedStatement(
  'queue.insert',
  `INSERT INTO jobs (id, kind, name, key, payload, context, state, attempts, max_attempts, crashes, claims, run_at, created_at)
   VALUES (:id, :kind, :name, :key, :payload, :context, 'pending', 0, :maxAttempts, 0, 0, {now + delayMs}, {now})
   ON CONFLICT (name, key) DO NOTHING`,
);

/** Take due rows under a lease; `suspects` 1 takes rows whose process died, 0 the others. */
export const CLAIM_DUE = timedStatement(
  'queue.claim_due',
  `UPDATE jobs SET ${TAKEN}
   WHERE id IN (
     WITH due AS MATERIALIZED (
       SELECT id FROM jobs
       WHERE state = 'pending' AND run_at <= {now} AND CASE WHEN crashes > 0 THEN 1 ELSE 0 END = :suspects
       ORDER BY run_at, id LIMIT :limit {skip locked})
     SELECT id FROM due)
   RETURNING ${CLAIMED}`,
);

/** Take one row that an engine delivered, if its turn is not over: engines deliver late and twice. */
export const CLAIM_ONE = timedStatement(
  'queue.claim_one',
  `UPDATE jobs SET ${TAKEN}
   WHERE id = :id AND state = 'dispatched' AND claims = :turn
   RETURNING ${CLAIMED}`,
);

/** Reserve due rows for handing over to an engine. */
export const DISPATCH_DUE = timedStatement(
  'queue.dispatch_due',
  `UPDATE jobs SET state = 'dispatched', dispatched_at = {now}
   WHERE id IN (
     WITH due AS MATERIALIZED (
       SELECT id FROM jobs WHERE state = 'pending' AND run_at <= {now} ORDER BY run_at, id LIMIT :limit {skip locked})
     SELECT id FROM due)
   RETURNING ${CLAIMED}`,
);

/** Rows that an engine was given long ago and has not begun. */
export const DISPATCH_AGAIN = timedStatement(
  'queue.dispatch_again',
  `UPDATE jobs SET dispatched_at = {now}
   WHERE id IN (
     WITH lost AS MATERIALIZED (
       SELECT id FROM jobs WHERE state = 'dispatched' AND dispatched_at < {now - timeout}
       ORDER BY run_at, id LIMIT :limit {skip locked})
     SELECT id FROM lost)
   RETURNING ${CLAIMED}`,
);

/** Rows that no engine will run any more, because the engine was changed. */
export const TAKE_BACK_DISPATCHED = timedStatement(
  'queue.take_back_dispatched',
  `UPDATE jobs SET state = 'pending', ${LET_GO} WHERE state = 'dispatched' AND dispatched_at < {now - timeout}`,
);

const LISTED = {
  postgres: 'id IN (SELECT CAST(value AS uuid) FROM jsonb_array_elements_text(CAST(:ids AS jsonb)) AS value)',
  sqlite: 'id IN (SELECT value FROM json_each(:ids))',
};

/** Rows that could not be handed over, or that came while this process was stopping. */
export const UNDO_DISPATCH = timedStatement('queue.undo_dispatch', {
  postgres: `UPDATE jobs SET state = 'pending', ${LET_GO} WHERE state = 'dispatched' AND ${LISTED.postgres}`,
  sqlite: `UPDATE jobs SET state = 'pending', ${LET_GO} WHERE state = 'dispatched' AND ${LISTED.sqlite}`,
});

/** Keep the leases of what this process works on. */
export const RENEW = timedStatement('queue.renew', {
  postgres: `UPDATE jobs SET locked_until = {now + lease} WHERE state = 'running' AND locked_by = :worker AND ${LISTED.postgres}`,
  sqlite: `UPDATE jobs SET locked_until = {now + lease} WHERE state = 'running' AND locked_by = :worker AND ${LISTED.sqlite}`,
});

/** The work is done, if the row is still this worker's. */
export const FINISH = timedStatement(
  'queue.finish',
  `UPDATE jobs SET state = 'done', attempts = attempts + 1, finished_at = {now}, result = :result, last_error = NULL,
     locked_by = NULL, locked_until = NULL
   WHERE id = :id AND state = 'running' AND claims = :claims`,
);

/** The attempt failed: try again after `delay`. */
export const RETRY = timedStatement(
  'queue.retry',
  `UPDATE jobs SET state = 'pending', attempts = attempts + 1, run_at = {now + delay}, last_error = :error, ${LET_GO}
   WHERE id = :id AND state = 'running' AND claims = :claims`,
);

/** The attempt failed for good. */
export const BURY = timedStatement(
  'queue.bury',
  `UPDATE jobs SET state = 'dead', attempts = attempts + 1, finished_at = {now}, last_error = :error, ${LET_GO}
   WHERE id = :id AND state = 'running' AND claims = :claims`,
);

/** Put a row back without an attempt. */
export const RELEASE = timedStatement(
  'queue.release',
  `UPDATE jobs SET state = 'pending', run_at = {now + delay}, ${LET_GO}
   WHERE id = :id AND state = 'running' AND claims = :claims`,
);

/** Rows whose worker fell silent go back to the pile, or to the dead letters when that happened too often. */
export const TAKE_OVER = timedStatement(
  'queue.take_over',
  `UPDATE jobs SET
     state = CASE WHEN crashes >= :limit THEN 'dead' ELSE 'pending' END,
     finished_at = CASE WHEN crashes >= :limit THEN {now} ELSE NULL END,
     last_error = :error, crashes = crashes + 1, run_at = {now}, ${LET_GO}
   WHERE state = 'running' AND locked_until < {now}
   RETURNING id, name, state, crashes`,
);

/** Forget rows of a state that ended long ago; ticks stay at least an hour, so that late schedulers find them. */
export const PURGE = timedStatement(
  'queue.purge',
  `DELETE FROM jobs WHERE id IN (
     SELECT id FROM jobs
     WHERE state = :state AND finished_at < {now - age} AND (kind <> 'cron' OR finished_at < {now - tickAge})
     LIMIT :limit)`,
);

/** An event was fanned out. */
export const FANNED_OUT = timedStatement(
  'queue.fanned_out',
  `UPDATE jobs SET state = 'done', attempts = attempts + 1, finished_at = {now}, locked_by = NULL, locked_until = NULL
   WHERE id = :id AND state IN ('dispatched', 'running') AND claims = :claims`,
);
