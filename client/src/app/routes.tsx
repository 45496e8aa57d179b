import type { RouteObject } from "react-router";
import { LogInPage } from "../auth/LogInPage";
import { RegisterPage } from "../auth/RegisterPage";
import { NotFound } from "../components/NotFound";
import { ExercisesPage } from "../pages/exercises/ExercisesPage";
import { staffRoutes } from "../pages/staff/routes";
import { Failure } from "./Failure";
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
          staffRoutes,
          { path: "login", Component: LogInPage },
          { path: "register", Component: RegisterPage },
          { path: "*", Component: NotFound },
        ],
      },
    ],
  },
];
