import jwt from '@fastify/jwt'
import Fastify from 'fastify'

import * as schemas from './schemas.js'

export function build (database, secret) {
  const app = Fastify()
  app.register(jwt, { secret, verify: { algorithms: ['HS256'] } })
  app.addHook('onClose', () => database.end())

  const authenticate = request => request.jwtVerify()

  app.get('/scores/:id', { schema: schemas.read }, async (request, reply) => {
    const score = await database.score(request.params.id)
    if (!score) return reply.code(404).send({ status: 'fail', message: 'Score does not exist' })
    return { status: 'success', data: score }
  })

  app.get('/scores/user', { onRequest: authenticate, schema: schemas.own }, async request => {
    return { status: 'success', data: { scores: await database.ownScores(request.user.sub) } }
  })

  app.get('/scores', { schema: schemas.page }, async request => {
    const { after, limit } = request.query
    const scores = await database.page(after, limit)
    const next = scores.length === limit ? `/scores?limit=${limit}&after=${scores.at(-1).id}` : null
    return { status: 'success', data: { scores }, next }
  })

  app.patch('/scores', { onRequest: authenticate, schema: schemas.upsert }, async (request, reply) => {
    const { exercise_id: exercise, correct } = request.body
    const score = await database.record(request.user.sub, exercise, correct)
    reply.code(score.created ? 201 : 200)
    return { status: 'success', message: score.created ? 'New score was added!' : 'Score was updated!', data: score }
  })

  app.get('/leaderboard', { schema: schemas.leaderboard }, async request => {
    return { status: 'success', data: { leaderboard: await database.leaderboard(request.query.limit) } }
  })

  return app
}
