// Two processes that share the port, as `node:cluster` has it; one is started anew when it ends.
import cluster from 'node:cluster'

import { build } from './app.js'

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
  const app = build(process.env)
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
  process.on('SIGTERM', async () => {
    await app.close()
    process.exit(0)
  })
}
