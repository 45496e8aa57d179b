import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// Where `script/server` listens. Everything but the client's own pages is the API's.
const api = process.env.API_URL ?? "http://127.0.0.1:5002";

const LEAST_BYTES = 1024; // of a file that gets smaller

/** Each file compressed beside it: the service sends these, and compresses nothing itself. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir = "" }, bundle) {
    for (const name of Object.keys(bundle)) {
      const content = readFileSync(join(dir, name));
      if (content.length >= LEAST_BYTES) {
        writeFileSync(join(dir, `${name}.br`), brotliCompressSync(content));
        writeFileSync(join(dir, `${name}.gz`), gzipSync(content, { level: 9 }));
      }
    }
  },
};

export default defineConfig({
  base: "/app/",
  plugins: [react(), compressed],
  build: {
    // No data: addresses, which the policy would have to allow.
    assetsInlineLimit: 0,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/(?!app/)": api },
  },
});
