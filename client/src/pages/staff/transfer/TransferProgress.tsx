import { formatBytes } from "../../../components/format";
import { ProgressBar } from "../../../components/ProgressBar";
import { formatDuration, type Progress, secondsLeft } from "./remainingTime";

interface Props {
  label: string;
  progress: Progress;
  /** Shown when all bytes are transferred. */
  completeText: string;
  onStop: () => void;
}

export function TransferProgress({ label, progress, completeText, onStop }: Props) {
  const { done, total } = progress;
  const seconds = secondsLeft(progress);
  const complete = total !== null && done >= total;
  return (
    <div className="stack tight">
      <ProgressBar label={label} done={done} total={complete ? null : total}>
        {complete
          ? completeText
          : total === null
            ? `${formatBytes(done)} …`
            : `${formatBytes(done)} of ${formatBytes(total)}`}
        {seconds !== null && `, about ${formatDuration(seconds)} left`}
      </ProgressBar>
      <div>
        <button type="button" className="button" onClick={onStop}>
          Stop
        </button>
      </div>
    </div>
  );
}
