import type { RouteObject } from "react-router";
import { LogInPage } from "../auth/LogInPage";
import { RegisterPage } from "../auth/RegisterPage";
import { NotFoundPage } from "../components/NotFoundPage";
import { CataloguePage } from "../pages/catalogue/CataloguePage";
import { staffRoutes } from "../pages/staff/routes";
import { ErrorPage } from "./ErrorPage";
import { Shell } from "./Shell";

export const routes: RouteObject[] = [
  {
    Component: Shell,
    ErrorBoundary: ErrorPage,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: ErrorPage,
        children: [
          { index: true, Component: CataloguePage },
          { path: "exercises/:exerciseId", lazy: () => import("../pages/solve/SolvePage") },
          { path: "progress", lazy: () => import("../pages/progress/ProgressPage") },
          { path: "leaderboard", lazy: () => import("../pages/leaderboard/LeaderboardPage") },
          staffRoutes,
          { path: "login", Component: LogInPage },
          { path: "register", Component: RegisterPage },
          { path: "*", Component: NotFoundPage },
        ],
      },
    ],
  },
];
