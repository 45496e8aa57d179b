import type { RouteObject } from "react-router";
import { LogInPage } from "../auth/LogInPage";
import { RegisterPage } from "../auth/RegisterPage";
import { ExercisesPage } from "../pages/exercises/ExercisesPage";
import { Failure } from "./Failure";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";

export const routes: RouteObject[] = [
  {
    Component: Shell,
    ErrorBoundary: Failure,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: Failure,
        children: [
          { index: true, Component: ExercisesPage },
          { path: "exercises/:exerciseId", lazy: () => import("../pages/exercise/ExercisePage") },
          { path: "progress", lazy: () => import("../pages/progress/ProgressPage") },
          { path: "leaderboard", lazy: () => import("../pages/leaderboard/LeaderboardPage") },
          { path: "login", Component: LogInPage },
          { path: "register", Component: RegisterPage },
          { path: "*", Component: NotFound },
        ],
      },
    ],
  },
];
