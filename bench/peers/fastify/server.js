// Two processes that share the port, as `node:cluster` has it; one is started anew when it ends.
//   node server.js [--batch]
import cluster from 'node:cluster'

import { build } from './app.js'
import { batched } from './batched.js'
import { queries } from './queries.js'

const WORKERS = 2

if (cluster.isPrimary) {
  let ending = false
  for (let i = 0; i < WORKERS; i++) cluster.fork()
  cluster.on('exit', () => ending || cluster.fork())
  process.on('SIGTERM', () => {
    ending = true
    for (const worker of Object.values(cluster.workers)) worker.kill()
  })
} else {
  const { DATABASE_URL, JWT_SECRET } = process.env
  const database = process.argv.includes('--batch') ? batched(DATABASE_URL) : queries(DATABASE_URL)
  const app = build(database, JWT_SECRET)
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
  process.on('SIGTERM', async () => {
    await app.close()
    process.exit(0)
  })
}
