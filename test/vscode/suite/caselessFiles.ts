// A folder on disk as a file system that ignores case has it, like those of macOS and Windows: a name means the file whose name
// differs only in case, and keeps the case that it was given.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";

export const CASELESS = "forkchat-caseless";

export class CaselessFiles implements vscode.FileSystemProvider {
  /** Files cannot be renamed. */
  isFrozen = false;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #registration = vscode.workspace.registerFileSystemProvider(CASELESS, this, {
    isCaseSensitive: false,
  });

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const stat = this.#read(uri, (path) => statSync(path));
    const type = stat.isDirectory() ? vscode.FileType.Directory : vscode.FileType.File;
    return { type, ctime: stat.ctimeMs, mtime: stat.mtimeMs, size: stat.size };
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    const names = this.#read(uri, (path) => readdirSync(path));
    return names.map((name) => [name, this.stat(vscode.Uri.joinPath(uri, name)).type]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#read(uri, (path) => readFileSync(path));
  }

  createDirectory({ path }: vscode.Uri): void {
    mkdirSync(join(onDisk(dirname(path)), path.slice(dirname(path).length)));
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    writeFileSync(onDisk(uri.path), content);
    this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  delete(uri: vscode.Uri): void {
    this.#read(uri, (path) => rmSync(path, { recursive: true }));
    this.#changed.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    if (this.isFrozen) throw vscode.FileSystemError.NoPermissions(from);
    const target = join(onDisk(dirname(to.path)), to.path.slice(dirname(to.path).length));
    this.#read(from, (path) => renameSync(path, target));
    this.#changed.fire([
      { type: vscode.FileChangeType.Deleted, uri: from },
      { type: vscode.FileChangeType.Created, uri: to },
    ]);
  }

  #read<Value>(uri: vscode.Uri, read: (path: string) => Value): Value {
    try {
      return read(onDisk(uri.path));
    } catch {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
  }
}

/** Where the file or folder that a path means is on disk, or would be. */
function onDisk(path: string): string {
  if (path === "/") return path;
  const folder = onDisk(dirname(path));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isSame = (other: string): boolean => other.toLowerCase() === name.toLowerCase();
  const names = namesIn(folder);
  return join(folder, names.find((each) => each === name) ?? names.find(isSame) ?? name);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
