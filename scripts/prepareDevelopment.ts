// Prepares the windows that F5 opens. For `.vscode/tasks.json`.
import { PEOPLE, prepareDeveloper } from "./people.ts";

for (const name of PEOPLE) await prepareDeveloper(name);
