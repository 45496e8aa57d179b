// Runs items in batches: while one runs, the next collects. Two items with the same key are never in one batch.
const MAX_BATCH = 64

export class Batches {
  #queue = []
  #isRunning = false

  constructor (run, key) {
    this.run = run
    this.key = key
  }

  submit (item) {
    return new Promise((resolve, reject) => {
      this.#queue.push({ item, resolve, reject })
      if (this.#isRunning) return
      this.#isRunning = true
      setImmediate(() => this.#runAll()) // after all requests that this turn of the event loop has read
    })
  }

  async #runAll () {
    while (this.#queue.length) await this.#runBatch(this.#nextBatch())
    this.#isRunning = false
  }

  #nextBatch () {
    if (!this.key) return this.#queue.splice(0, MAX_BATCH)
    const batch = new Map()
    const left = []
    for (const waiting of this.#queue) {
      const key = this.key(waiting.item)
      if (batch.size === MAX_BATCH || batch.has(key)) left.push(waiting)
      else batch.set(key, waiting)
    }
    this.#queue = left
    return [...batch.values()]
  }

  async #runBatch (batch) {
    try {
      const results = await this.run(batch.map(waiting => waiting.item))
      batch.forEach((waiting, index) => waiting.resolve(results[index]))
    } catch (error) {
      if (batch.length === 1) batch[0].reject(error)
      else for (const waiting of batch) await this.#runBatch([waiting]) // one bad item must not fail the others
    }
  }
}
