import jwt from '@fastify/jwt'
import Fastify from 'fastify'
import pg from 'pg'

import * as schemas from './schemas.js'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const COLUMNS = 'id, user_id, exercise_id, correct, source, points, max_points, attempts, created_at, updated_at'

// With a name, node-postgres prepares a statement once a connection.
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
const LEADERBOARD = {
  name: 'leaderboard',
  text: `
    SELECT user_id, count(*) FILTER (WHERE correct) AS solved FROM scores
    GROUP BY user_id ORDER BY solved DESC, user_id LIMIT $1`
}

export function build ({ DATABASE_URL, JWT_SECRET }) {
  const app = Fastify()
  const pool = new pg.Pool({ connectionString: DATABASE_URL })
  app.register(jwt, { secret: JWT_SECRET, verify: { algorithms: ['HS256'] } })
  app.addHook('onClose', () => pool.end())

  const authenticate = request => request.jwtVerify()

  app.get('/scores/:id', { schema: schemas.read }, async (request, reply) => {
    const { rows } = await pool.query({ ...READ, values: [request.params.id] })
    if (!rows.length) return reply.code(404).send({ status: 'fail', message: 'Score does not exist' })
    return { status: 'success', data: rows[0] }
  })

  app.get('/scores/user', { onRequest: authenticate, schema: schemas.own }, async request => {
    const { rows } = await pool.query({ ...OWN, values: [request.user.sub] })
    return { status: 'success', data: { scores: rows } }
  })

  app.get('/scores', { schema: schemas.page }, async request => {
    const { after, limit } = request.query
    const { rows } = await pool.query({ ...PAGE, values: [after, limit] })
    const next = rows.length === limit ? `/scores?limit=${limit}&after=${rows.at(-1).id}` : null
    return { status: 'success', data: { scores: rows }, next }
  })

  app.patch('/scores', { onRequest: authenticate, schema: schemas.upsert }, async (request, reply) => {
    const { exercise_id: exercise, correct } = request.body
    const { rows: [score] } = await pool.query({ ...UPSERT, values: [request.user.sub, exercise, correct] })
    reply.code(score.created ? 201 : 200)
    return { status: 'success', message: score.created ? 'New score was added!' : 'Score was updated!', data: score }
  })

  app.get('/leaderboard', { schema: schemas.leaderboard }, async request => {
    const { rows } = await pool.query({ ...LEADERBOARD, values: [request.query.limit] })
    return { status: 'success', data: { leaderboard: rows } }
  })

  return app
}
