import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The results of tests must not depend on the machine's time zone.
    env: { TZ: "UTC" },
  },
});
