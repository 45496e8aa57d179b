import { Suspense, useEffect, useRef } from "react";
import { Outlet, ScrollRestoration, useLocation } from "react-router";
import { Skeleton } from "../components/Skeleton";
import { ConnectionStatus } from "./ConnectionStatus";
import { Header } from "./Header";
import styles from "./Shell.module.css";

/** The frame of every page: header, connection status and content. */
export function Shell() {
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  return (
    <>
      <a className={styles.skipLink} href="#main">
        Skip to content
      </a>
      <Header />
      <ConnectionStatus />
      <main id="main" ref={main} tabIndex={-1}>
        <Suspense fallback={<Skeleton lines={8} />}>
          <Outlet />
        </Suspense>
      </main>
      <ScrollRestoration />
    </>
  );
}

/** Move the focus to the content of a new page, where it would be if the browser had loaded it. */
function useFocusOnNewPage(main: React.RefObject<HTMLElement | null>): void {
  const { pathname } = useLocation();
  const shown = useRef(pathname);
  useEffect(() => {
    if (shown.current !== pathname) {
      shown.current = pathname;
      const heading = main.current?.querySelector("h1");
      (heading ?? main.current)?.focus({ preventScroll: true });
    }
  }, [pathname, main]);
}
