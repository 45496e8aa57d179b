import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// The address of `script/server`. Every path outside /app/ belongs to the API.
const api = process.env.API_URL ?? "http://127.0.0.1:5002";

const MIN_COMPRESSED_BYTES = 1024;

/** Write each file in compressed form too. The service sends these files, and does not compress by itself. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir = "" }, bundle) {
    for (const name of Object.keys(bundle)) {
      const content = readFileSync(join(dir, name));
      if (content.length >= MIN_COMPRESSED_BYTES) {
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
    // No data: URLs, which the content security policy does not allow.
    assetsInlineLimit: 0,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/(?!app/)": api },
  },
});
