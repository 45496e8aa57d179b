// The same as queries.js, with one statement for all requests that come while the one before runs.
import { Batches } from './batches.js'
import { connect } from './database.js'
import { LEADERBOARD } from './queries.js'

const NAMES = ['id', 'user_id', 'exercise_id', 'correct', 'source', 'points', 'max_points', 'attempts', 'created_at', 'updated_at']
const COLUMNS = NAMES.map(name => `scores.${name}`).join(', ')

const READ = { name: 'read', text: `SELECT ${COLUMNS} FROM scores WHERE id = ANY ($1::bigint[])` }
const OWN = { name: 'own', text: `SELECT ${COLUMNS} FROM scores WHERE user_id = ANY ($1::bigint[]) ORDER BY user_id, id` }
const PAGE = {
  name: 'page',
  text: `
    SELECT page.*, wanted.number
    FROM unnest($1::bigint[], $2::integer[]) WITH ORDINALITY AS wanted (after, size, number)
    CROSS JOIN LATERAL (
      SELECT ${COLUMNS} FROM scores WHERE id > wanted.after ORDER BY id LIMIT wanted.size
    ) AS page
    ORDER BY wanted.number, page.id`
}
// In the order of the key, so that two processes lock rows in the same order.
const UPSERT = {
  name: 'upsert',
  text: `
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by)
    SELECT user_id, exercise_id, correct, 'self_reported', user_id
    FROM unnest($1::bigint[], $2::bigint[], $3::boolean[]) AS report (user_id, exercise_id, correct)
    ORDER BY user_id, exercise_id
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
      correct = excluded.correct, source = excluded.source,
      recorded_by = excluded.recorded_by, change_id = excluded.change_id
    RETURNING ${COLUMNS}, xmax = 0 AS created`
}

export function batched (connectionString) {
  const { rows, end } = connect(connectionString)

  const scores = new Batches(async ids => {
    const found = new Map((await rows(READ, ids)).map(row => [row.id, row]))
    return ids.map(id => found.get(id))
  })
  const ownScores = new Batches(async users => {
    const lists = grouped(await rows(OWN, users), row => row.user_id)
    return users.map(user => lists.get(user) ?? [])
  })
  const pages = new Batches(async wanted => {
    const found = await rows(PAGE, wanted.map(one => one.after), wanted.map(one => one.limit))
    const lists = grouped(found, row => row.number)
    return wanted.map((_, index) => lists.get(index + 1) ?? [])
  })
  const reportKey = one => `${one.user_id} ${one.exercise_id}`
  const reports = new Batches(async wanted => {
    const columns = ['user_id', 'exercise_id', 'correct'].map(name => wanted.map(one => one[name]))
    const found = new Map((await rows(UPSERT, ...columns)).map(row => [reportKey(row), row]))
    return wanted.map(one => found.get(reportKey(one)))
  }, reportKey)
  const leaderboards = new Batches(async limits => {
    const found = await rows(LEADERBOARD, Math.max(...limits))
    return limits.map(limit => found.slice(0, limit))
  })

  return {
    score: id => scores.submit(id),
    ownScores: user => ownScores.submit(Number(user)),
    page: (after, limit) => pages.submit({ after, limit }),
    record: (user, exercise, correct) => reports.submit({ user_id: Number(user), exercise_id: exercise, correct }),
    leaderboard: limit => leaderboards.submit(limit),
    end
  }
}

function grouped (rows, key) {
  const lists = new Map()
  for (const row of rows) {
    const list = lists.get(key(row))
    if (list) list.push(row)
    else lists.set(key(row), [row])
  }
  return lists
}
