import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { api, call } from "../../../api/client";
import type { ExerciseSetData } from "../../../api/schema";
import { useIsAdmin } from "../../../auth/useUser";
import { ConfirmDialog } from "../../../components/ConfirmDialog";
import { ErrorNotice } from "../../../components/ErrorNotice";
import { focusHeading } from "../../../components/focusHeading";
import { plural } from "../../../components/format";
import { LiveStatus } from "../../../components/LiveStatus";
import { Loaded } from "../../../components/Loaded";
import { PageHeading } from "../../../components/PageHeading";
import { exerciseSetsQuery } from "../../../queries/exerciseSets";
import { SetForm } from "./SetForm";
import styles from "./SetsPage.module.css";

const NEW_SET = { name: "", exercise_ids: [] };

export function Component() {
  const queries = useQueryClient();
  const isAdmin = useIsAdmin();
  const sets = useQuery(exerciseSetsQuery);
  const [edited, setEdited] = useState<Pick<ExerciseSetData, "name" | "exercise_ids"> | null>(null);
  const [deletedName, setDeletedName] = useState<string | null>(null);
  const [status, setStatus] = useState("");
  const onSaved = (message: string) => {
    setEdited(null);
    setStatus(message);
    return queries.invalidateQueries({ queryKey: exerciseSetsQuery.queryKey });
  };
  const deleting = useMutation({
    mutationFn: (name: string) => call(api.DELETE("/exercise-sets/{name}", { params: { path: { name } } })),
    onSuccess: async ({ message }) => {
      await onSaved(message);
      focusHeading();
    },
  });
  return (
    <>
      <PageHeading title="Exercise sets">
        {isAdmin && (
          <button type="button" className="button primary" onClick={() => setEdited(NEW_SET)}>
            New set
          </button>
        )}
      </PageHeading>
      <p className="quiet">Each set has its own class table and leaderboard.</p>
      <LiveStatus message={status} />
      {deleting.error && <ErrorNotice error={deleting.error} />}
      <Loaded query={sets} lines={6}>
        {(all) =>
          all.length === 0 ? (
            <p>No sets yet.</p>
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
                          aria-label={`Edit ${set.name}`}
                          onClick={() => setEdited(set)}
                        >
                          Edit
                        </button>
                        <button
                          type="button"
                          className="button danger"
                          aria-label={`Delete ${set.name}`}
                          onClick={() => setDeletedName(set.name)}
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
      {edited && <SetForm start={edited} onSaved={onSaved} onClose={() => setEdited(null)} />}
      {deletedName !== null && (
        <ConfirmDialog
          question={`Delete the set ${deletedName}?`}
          consequence="Its leaderboard is deleted too. Exercises and scores are kept."
          action="Delete"
          onConfirm={() => {
            deleting.mutate(deletedName);
            setDeletedName(null);
          }}
          onCancel={() => setDeletedName(null)}
        />
      )}
    </>
  );
}
