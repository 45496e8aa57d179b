import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Where `script/server` listens. Everything but the client's own pages is the API's.
const api = process.env.API_URL ?? "http://127.0.0.1:5002";

export default defineConfig({
  base: "/app/",
  plugins: [react()],
  build: {
    // No data: addresses, which the policy would have to allow.
    assetsInlineLimit: 0,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/(?!app/)": api },
  },
});
