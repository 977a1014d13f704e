// Runs the steps of a scenario one after another, and says on one line each how it went.

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export const [API, TOKEN, CLIENT] = [setting("API"), setting("TOKEN"), setting("CLIENT")];

const steps: [string, string, () => Promise<void>][] = [];

/** Makes a function the step of that name; says what of the generator it works around. */
export function step(name: string, todo: () => Promise<void>, workaround = ""): void {
  steps.push([name, workaround, todo]);
}

/** Fails the step unless something holds. */
export function ensure(holds: unknown, told: unknown = ""): asserts holds {
  if (!holds) throw new Error(`it does not hold: ${JSON.stringify(told)}`);
}

/** Does all steps in the order in which they stand; one that fails leaves the rest their try. */
export async function run(): Promise<void> {
  for (const [name, workaround, todo] of steps) {
    try {
      await todo();
      console.log([workaround ? "workaround" : "ok", name, workaround].join("\t"));
    } catch (error) {
      console.error(error);
      console.log(["failed", name, String(error).replaceAll(/\s+/g, " ").slice(0, 300)].join("\t"));
    }
  }
}
