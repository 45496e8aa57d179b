// The JSON of requests and responses. Fastify makes serialisers of the responses' schemas.
const string = { type: 'string' }
const integer = { type: 'integer' }
const boolean = { type: 'boolean' }
const time = { type: 'string', format: 'date-time' }
const nullable = { type: 'integer', nullable: true }
const limit = { type: 'integer', minimum: 1, maximum: 1000, default: 100 }

const object = properties => ({ type: 'object', properties })
const list = items => ({ type: 'array', items })

const score = object({
  id: integer,
  user_id: integer,
  exercise_id: integer,
  correct: boolean,
  source: string,
  points: nullable,
  max_points: nullable,
  attempts: integer,
  created_at: time,
  updated_at: time
})
const scores = object({ scores: list(score) })
const written = object({ status: string, message: string, data: score })

export const read = {
  params: object({ id: integer }),
  response: { 200: object({ status: string, data: score }) }
}
export const own = {
  response: { 200: object({ status: string, data: scores }) }
}
export const page = {
  querystring: object({ after: { type: 'integer', default: 0 }, limit }),
  response: { 200: object({ status: string, data: scores, next: { type: 'string', nullable: true } }) }
}
export const upsert = {
  body: { ...object({ exercise_id: integer, correct: boolean }), required: ['exercise_id', 'correct'] },
  response: { 200: written, 201: written }
}
export const leaderboard = {
  querystring: object({ limit }),
  response: {
    200: object({ status: string, data: object({ leaderboard: list(object({ user_id: integer, solved: integer })) }) })
  }
}
