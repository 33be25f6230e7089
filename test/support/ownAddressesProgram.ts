// Prints the addresses that an invite link would suggest on the machine, or in the network namespace, in which it runs.
import { networkInterfaces } from "node:os";
import { defaultRouteAddresses } from "../../extension/host/joining/defaultRoute.ts";
import { ownAddresses } from "../../extension/host/joining/ownAddresses.ts";

const interfaces = networkInterfaces();
void defaultRouteAddresses().then((routes) =>
  process.stdout.write(
    JSON.stringify({ interfaces: Object.keys(interfaces), proposed: ownAddresses(interfaces, routes) }),
  ),
);
