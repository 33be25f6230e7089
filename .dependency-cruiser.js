// Which parts of the code may import which. `npm run check` holds the code to it; docs/ARCHITECTURE.md draws it.

/** The rooms of each zone, from the bottom up: a room imports only from rooms before it. Files beside them are on top. */
export const rooms = {
  "extension/core": [
    ...["code", "changes", "transfers", "model", "channels", "texts", "people", "saved", "sessions"],
    ...["forks", "leaving", "view", "commands", "links", "lobby"],
  ],
  "extension/host": [
    ...["store", "storage", "vscode", "trust", "transfers", "views", "code", "changes", "panel", "joining"],
    "commands",
  ],
  "extension/net": ["dial", "identity", "relay", "peers", "bulk", "listener", "rendezvous"],
  server: [
    ...[
      "base",
      "data",
      "budgets",
      "admission",
      "admin",
      "fanOut",
      "names",
      "hall",
      "cluster",
      "joining",
      "introductions",
      "lobby",
    ],
    ...["websocket", "relay"],
  ],
  webview: ["store", "base", "markdown", "frame", "composer", "find", "message", "log"],
};

const NODE = { dependencyTypes: ["core"] };
const packages = (...names) => ({
  path: `(^|/)node_modules/(@types/)?(${names.join("|")})(/|$)|^(${names.join("|")})$`,
});

/** Each zone, with the zones and packages that it must do without. */
const zones = {
  protocol: { not: ["extension", "webview", "server"], without: [NODE, packages("vscode", "ws", "preact")] },
  "extension/core": {
    not: ["extension/net", "extension/host", "webview", "server"],
    without: [NODE, packages("vscode", "ws", "preact")],
  },
  "extension/net": {
    not: ["extension/host", "webview", "server"],
    without: [packages("vscode", "preact")],
  },
  "extension/host": { not: ["extension/net", "webview", "server"], without: [packages("ws", "preact")] },
  webview: { not: ["extension", "server"], without: [NODE, packages("vscode", "ws")] },
  server: { not: ["extension", "webview"], without: [packages("vscode", "preact")] },
  scripts: { not: ["extension", "webview", "server"], without: [packages("vscode")] },
};

const forbid = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

const zoneRules = Object.entries(zones).flatMap(([zone, { not, without }]) => [
  forbid(
    `${zone}-zone`,
    `${zone} knows nothing of these parts`,
    { path: `^${zone}/` },
    { path: `^(${[...not, "test", "bench"].join("|")})/` },
  ),
  ...without.map((to, i) => {
    // The tour is the one script that runs inside VS Code.
    const from = { path: `^${zone}/`, pathNot: "^scripts/tour/" };
    return forbid(`${zone}-packages-${i}`, `${zone} runs without it`, from, to);
  }),
]);

const roomRules = Object.entries(rooms).flatMap(([zone, names]) =>
  names.map((name, i) => {
    const above = names.slice(i + 1).map((other) => `${zone}/${other}/`);
    return forbid(
      `${zone}/${name}-below`,
      "A room imports only from rooms below it",
      { path: `^${zone}/${name}/` },
      { path: `^(${[...above, `${zone}/[^/]+$`].join("|")})` },
    );
  }),
);

const unknownRooms = Object.entries(rooms).map(([zone, names]) =>
  forbid(
    `${zone}-rooms`,
    "Every folder has its place in the order of rooms",
    {},
    {
      path: `^${zone}/(?!(${names.join("|")})/)[^/]+/`,
      ...(zone === "webview" ? { pathNot: "^webview/css/" } : {}),
    },
  ),
);

/** It is a bundle of its own, which the process loads only for a cluster. */
const clusterRules = [
  forbid(
    "cluster-loaded",
    "Only the shared lobby loads the cluster",
    { path: "^server/", pathNot: "^server/(cluster/|sharedLobby\\.ts$)" },
    { path: "^server/cluster/" },
  ),
  forbid(
    "cluster-needs",
    "The cluster knows only the log and the hall",
    { path: "^server/cluster/" },
    { path: "^server/", pathNot: "^server/(cluster|base|hall)/" },
  ),
];

export default {
  forbidden: [
    forbid("no-circles", "Imports run one way", {}, { circular: true }),
    ...zoneRules,
    ...roomRules,
    ...unknownRooms,
    ...clusterRules,
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|\\.cache)/" },
    enhancedResolveOptions: {
      extensions: [".ts", ".tsx", ".js", ".css"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
