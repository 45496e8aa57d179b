import { formatBytes } from "../../../components/format";
import { ProgressBar } from "../../../components/ProgressBar";
import { formatDuration, type Progress, secondsLeft } from "./remainingTime";

interface Props {
  label: string;
  progress: Progress;
  /** What goes on when all bytes are through. */
  afterwards: string;
  onStop: () => void;
}

export function TransferProgress({ label, progress, afterwards, onStop }: Props) {
  const { done, total } = progress;
  const left = secondsLeft(progress);
  const through = total !== null && done >= total;
  return (
    <div className="stack tight">
      <ProgressBar label={label} done={done} total={through ? null : total}>
        {through
          ? afterwards
          : total === null
            ? `${formatBytes(done)} …`
            : `${formatBytes(done)} of ${formatBytes(total)}`}
        {left !== null && `, about ${formatDuration(left)} left`}
      </ProgressBar>
      <div>
        <button type="button" className="button" onClick={onStop}>
          Stop
        </button>
      </div>
    </div>
  );
}
