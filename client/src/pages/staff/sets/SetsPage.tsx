import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, call } from "../../../api/client";
import type { ExerciseSetData } from "../../../api/schema";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { focusHeading } from "../../../components/focusHeading";
import { plural } from "../../../components/format";
import { LiveStatus } from "../../../components/LiveStatus";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageHeading";
import { exerciseSetsQuery } from "../../../queries/exerciseSets";
import { useIsAdmin } from "../AdminsOnly";
import { SetForm } from "./SetForm";
import styles from "./SetsPage.module.css";

const NEW = { name: "", exercise_ids: [] };

export function Component() {
  const queries = useQueryClient();
  const isAdmin = useIsAdmin();
  const sets = useQuery(exerciseSetsQuery);
  const [edited, setEdited] = useState<Pick<ExerciseSetData, "name" | "exercise_ids"> | null>(null);
  const [leaving, setLeaving] = useState<string | null>(null);
  const [said, setSaid] = useState("");
  const changed = (sentence: string) => {
    setEdited(null);
    setSaid(sentence);
    return queries.invalidateQueries({ queryKey: exerciseSetsQuery.queryKey });
  };
  const deleting = useMutation({
    mutationFn: (name: string) => call(api.DELETE("/exercise-sets/{name}", { params: { path: { name } } })),
    onSuccess: async ({ message }) => {
      await changed(message);
      focusHeading();
    },
  });
  return (
    <>
      <PageHeading title="Exercise sets">
        {isAdmin && (
          <button type="button" className="button primary" onClick={() => setEdited(NEW)}>
            New set
          </button>
        )}
      </PageHeading>
      <p className="quiet">A set has a class table and a leaderboard of its own.</p>
      <LiveStatus sentence={said} />
      {deleting.error && <ErrorNotice error={deleting.error} />}
      <Loaded query={sets} lines={6}>
        {(all) =>
          all.length === 0 ? (
            <p>There is no set yet.</p>
          ) : (
            <ul className={styles.list}>
              {all.map((set) => (
                <li key={set.id} className="card">
                  <div className="stack tight">
                    <h2>{set.name}</h2>
                    <p className="quiet">{plural(set.exercise_ids.length, "exercise")}</p>
                  </div>
                  <div className="row">
                    <Link to={`/teach?set=${set.name}`} aria-label={`Class table of ${set.name}`}>
                      Class table
                    </Link>
                    {isAdmin && (
                      <>
                        <button
                          type="button"
                          className="button"
                          aria-label={`Change ${set.name}`}
                          onClick={() => setEdited(set)}
                        >
                          Change
                        </button>
                        <button
                          type="button"
                          className="button danger"
                          aria-label={`Delete ${set.name}`}
                          onClick={() => setLeaving(set.name)}
                        >
                          Delete
                        </button>
                      </>
                    )}
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edited && <SetForm start={edited} onSaved={changed} onClose={() => setEdited(null)} />}
      {leaving !== null && (
        <ConfirmDialog
          question={`Delete the set ${leaving}?`}
          consequence="Its leaderboard goes with it. Exercises and scores stay."
          action="Delete"
          onConfirm={() => {
            deleting.mutate(leaving);
            setLeaving(null);
          }}
          onCancel={() => setLeaving(null)}
        />
      )}
    </>
  );
}
