/**
 * Every key of the query cache. Invalidating a key also invalidates the longer keys that begin with it, which is what the
 * keys named `all` are for. Data that depends on who is logged in has the token in its key.
 */
export const queryKeys = {
  registration: ["registration"],
  currentUser: (token: string | null) => ["current-user", token] as const,

  users: ["users"],
  user: (userId: number) => ["user", userId] as const,

  languages: ["languages"],
  exercises: ["exercises"],
  exercise: (exerciseId: number) => ["exercise", exerciseId] as const,
  editedExercise: (exerciseId: number) => ["edited-exercise", exerciseId] as const,
  exerciseSets: ["exercise-sets"],

  statistics: {
    all: ["statistics"],
    ofEveryExercise: ["statistics", "every-exercise"],
    ofExercise: (exerciseId: number) => ["statistics", "exercise", exerciseId] as const,
  },

  submissions: {
    ofExercise: (exerciseId: number) => ["submissions", exerciseId] as const,
    ofUser: (exerciseId: number, userId: number) => ["submissions", exerciseId, userId] as const,
  },
  pendingSubmission: {
    all: ["pending-submission"],
    one: (submissionId: number | null) => ["pending-submission", submissionId] as const,
  },

  score: (userId: number, exerciseId: number) => ["score", userId, exerciseId] as const,
  ownScores: {
    all: ["own-scores"],
    ofToken: (token: string | null) => ["own-scores", token] as const,
  },
  scoreHistory: {
    all: ["score-history"],
    ofUser: (userId: number) => ["score-history", userId] as const,
    ofScore: (userId: number, exerciseId: number) => ["score-history", userId, exerciseId] as const,
  },
  classTable: {
    all: ["class-table"],
    ofSet: (exerciseSet: string | undefined) => ["class-table", exerciseSet] as const,
  },

  progress: {
    all: ["progress"],
    own: (token: string | null) => ["progress", "own", token] as const,
    ofUser: (token: string | null, userId: number) => ["progress", "user", token, userId] as const,
  },
  leaderboard: {
    all: ["leaderboard"],
    ranks: (exerciseSet: string | undefined) => ["leaderboard", "ranks", exerciseSet] as const,
    ownRank: (token: string | null, exerciseSet: string | undefined) =>
      ["leaderboard", "own-rank", token, exerciseSet] as const,
  },

  rejudges: {
    all: ["rejudges"],
    ofExercise: (exerciseId: number) => ["rejudges", exerciseId] as const,
  },
  rejudge: (rejudgeId: number) => ["rejudge", rejudgeId] as const,
  rejudgeChanges: (rejudgeId: number) => ["rejudge-changes", rejudgeId] as const,
} as const;
