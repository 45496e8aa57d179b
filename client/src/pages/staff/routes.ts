import type { RouteObject } from "react-router";

/** The pages for graders and admins. The code of each is loaded when it is first opened. */
export const staffRoutes: RouteObject = {
  path: "teach",
  lazy: () => import("./StaffArea"),
  children: [
    { index: true, lazy: () => import("./classTable/ClassTablePage") },
    { path: "exercises", lazy: () => import("./authoring/ExerciseListPage") },
    { path: "exercises/new", lazy: () => import("./authoring/NewExercisePage") },
    { path: "exercises/:exerciseId", lazy: () => import("./authoring/EditExercisePage") },
    { path: "exercises/:exerciseId/statistics", lazy: () => import("./statistics/StatisticsPage") },
    { path: "exercises/:exerciseId/rejudges", lazy: () => import("./rejudges/RejudgesPage") },
    { path: "rejudges/:rejudgeId", lazy: () => import("./rejudges/RejudgePage") },
    { path: "learners", lazy: () => import("./learners/LearnersPage") },
    { path: "learners/:userId", lazy: () => import("./learners/LearnerPage") },
    { path: "sets", lazy: () => import("./sets/SetsPage") },
    { path: "transfer", lazy: () => import("./transfer/TransferPage") },
  ],
};
