import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { useToken } from "../../../api/session";
import { Figures } from "../../../components/Figures";
import { formatDateTime, plural } from "../../../components/format";
import { Loaded } from "../../../components/Loaded";
import { learnerName } from "../../../components/learnerName";
import { NotFoundPage } from "../../../components/NotFoundPage";
import { PageHeading } from "../../../components/PageHeading";
import { Skeleton } from "../../../components/Skeleton";
import { progressQuery } from "../../../queries/progress";
import { userQuery } from "../../../queries/users";
import { ScoreHistory } from "../ScoreHistory";

export function Component() {
  const userId = Number(useParams().userId);
  return Number.isNaN(userId) ? <NotFoundPage /> : <Learner userId={userId} />;
}

function Learner({ userId }: { userId: number }) {
  const progress = useQuery(progressQuery(useToken(), userId));
  const user = useQuery(userQuery(userId));
  if (user.isPending) {
    return <Skeleton lines={16} />; // without it the page would move when a long name replaces the number
  }
  return (
    <>
      <PageHeading title={learnerName(userId, user.data?.username)}>
        <p className="quiet">ID {userId}</p>
      </PageHeading>
      <Loaded query={progress} lines={16}>
        {(summary) => (
          <Figures
            figures={[
              ["Solved", summary.solved.toLocaleString()],
              ["Attempted", summary.attempted.toLocaleString()],
              ["Current streak", plural(summary.current_streak, "day")],
              ["Last activity", summary.last_activity_at ? formatDateTime(summary.last_activity_at) : "–"],
            ]}
          />
        )}
      </Loaded>
      {!progress.isPending && (
        <section className="stack" aria-labelledby="history-heading">
          <h2 id="history-heading">Score history</h2>
          <ScoreHistory userId={userId} />
        </section>
      )}
    </>
  );
}
