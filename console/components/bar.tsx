/** How much of something is used. @param max nothing where there is no limit */
export function Bar({ label, value, max, text }: { label: string; value: number; max: number | null; text: string }) {
  const share = max === null ? 0 : max === 0 ? 1 : Math.min(value / max, 1);
  return (
    <div class="bar">
      <span class="small number">{text}</span>
      {max !== null && (
        <>
          <meter class="visually-hidden" aria-label={label} value={share} min={0} max={1}>
            {text}
          </meter>
          <div class="bar-track" aria-hidden="true">
            <div class={`bar-fill ${share >= 0.95 ? 'bar-fill-full' : ''}`} style={{ width: `${share * 100}%` }} />
          </div>
        </>
      )}
    </div>
  );
}
