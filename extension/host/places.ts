// What VS Code knows the chat's places by: the names in package.json, and where a window is remembered.

export const PANEL_TYPE = "forkchat.panel";
export const PANEL_VIEW = "forkchat.panelView";
export const SESSIONS_VIEW = "forkchat.sessionsView";
export const PEOPLE_VIEW = "forkchat.peopleView";

/** In the workspace's state: the id of the window that has joined, or runs a server, and has not quit. */
export const WINDOW_KEY = "forkchat.windowId";
