/** Answers what it was started with. */
export async function handler(event: object) {
  return { event, environment: { ...process.env } };
}
