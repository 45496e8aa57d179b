// A statement for each request, from the pool of connections.
import { connect } from './database.js'

const COLUMNS = 'id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at'

const READ = { name: 'read', text: `SELECT ${COLUMNS} FROM scores WHERE id = $1` }
const OWN = { name: 'own', text: `SELECT ${COLUMNS} FROM scores WHERE user_id = $1 ORDER BY id` }
const PAGE = { name: 'page', text: `SELECT ${COLUMNS} FROM scores WHERE id > $1 ORDER BY id LIMIT $2` }
const UPSERT = {
  name: 'upsert',
  text: `
    INSERT INTO scores (user_id, exercise_id, correct, source, recorded_by) VALUES ($1, $2, $3, 'self_reported', $1)
    ON CONFLICT (user_id, exercise_id) DO UPDATE SET
      correct = excluded.correct, source = excluded.source,
      recorded_by = excluded.recorded_by, change_id = excluded.change_id
    RETURNING ${COLUMNS}, xmax = 0 AS created`
}
export const LEADERBOARD = {
  name: 'leaderboard',
  text: 'SELECT user_id, solved FROM solved_counts ORDER BY solved DESC, user_id LIMIT $1'
}

export function queries (connectionString) {
  const { rows, end } = connect(connectionString)
  return {
    score: async id => (await rows(READ, id))[0],
    ownScores: user => rows(OWN, user),
    page: (after, limit) => rows(PAGE, after, limit),
    record: async (user, exercise, correct) => (await rows(UPSERT, user, exercise, correct))[0],
    leaderboard: limit => rows(LEADERBOARD, limit),
    end
  }
}
