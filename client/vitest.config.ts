import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // Days and times of tests are those of no particular place.
    env: { TZ: "UTC" },
  },
});
