/**
 * Loaded into every Node process of a rehearsal by `NODE_OPTIONS=--require`: refuses connections that leave this machine, and ends the
 * process when its parent is gone. Every TCP and TLS connection of Node (http, https, http2, fetch, undici, gRPC) goes through
 * `net.Socket.prototype.connect`, datagrams through `dgram.Socket`. What it cannot see is listed in `../environment.ts`.
 */
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { isMainThread } from "node:worker_threads";

const PARENT_POLL_MS = 500;
const LOCAL_NAMES = new Set(["", "localhost", "ip6-localhost", "0.0.0.0", "::"]);

/** Whether an address or a name stays on this machine. Absent means localhost, as Node has it. */
function isLocal(host) {
    const name = String(host ?? "").replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
    if (LOCAL_NAMES.has(name) || name.endsWith(".localhost")) return true;
    const address = name.startsWith("::ffff:") ? name.slice("::ffff:".length) : name;
    return net.isIPv4(address) ? address.startsWith("127.") : address === "::1" || /^(0+:){7}0*1$/.test(address);
}

function refuse(target) {
    const error = new Error(`The rehearsal's firewall refused a connection to ${target}: only this machine may be reached`);
    error.code = "ECONNREFUSED";
    error.firewall = true;
    return error;
}

/** Node passes its own already normalised arguments as an array in the first place. */
function targetOf(args) {
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    if (typeof first === "object" && first !== null) return first.path ? { path: first.path } : { host: first.host, port: first.port };
    if (typeof first === "string" && !/^\d+$/.test(first)) return { path: first };
    const second = Array.isArray(args[0]) ? undefined : args[1];
    return { host: typeof second === "string" ? second : undefined, port: first };
}

/** Fails where a name that does not exist would, so that whoever waits for the socket sees an ordinary failure. */
function failingArguments(args, target) {
    const error = refuse(`${target.host}:${target.port}`);
    const options = { host: "refused.invalid", port: target.port, lookup: (_host, _options, callback) => process.nextTick(callback, error) };
    const callback = (Array.isArray(args[0]) ? args[0] : args).findLast((argument) => typeof argument === "function");
    return callback === undefined ? [options] : [options, callback];
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function connectLocally(...args) {
    const target = targetOf(args);
    const allowed = target.path !== undefined || isLocal(target.host);
    return connect.apply(this, allowed ? args : failingArguments(args, target));
};

const bindConnect = dgram.Socket.prototype.connect;
dgram.Socket.prototype.connect = function connectLocally(port, address, ...rest) {
    if (typeof address === "string" && !isLocal(address)) throw refuse(`${address}:${port}`);
    return bindConnect.call(this, port, address, ...rest);
};

const send = dgram.Socket.prototype.send;
dgram.Socket.prototype.send = function sendLocally(...args) {
    const address = args.slice(1).find((argument) => typeof argument === "string");
    if (address !== undefined && !isLocal(address)) throw refuse(address);
    return send.apply(this, args);
};

const notFound = (name) => Object.assign(refuse(name), { code: "ENOTFOUND", hostname: name });

function guardCallbacks(owner, isFree) {
    for (const [name, original] of Object.entries(owner)) {
        if (!/^(lookup|lookupService|reverse|resolve\w*)$/.test(name) || typeof original !== "function") continue;
        owner[name] = function lookUpLocally(host, ...rest) {
            if (isFree(name, host)) return original.call(this, host, ...rest);
            const callback = rest.at(-1);
            if (typeof callback === "function") process.nextTick(callback, notFound(host));
            return undefined;
        };
    }
}

function guardPromises(owner, isFree) {
    for (const [name, original] of Object.entries(owner)) {
        if (!/^(lookup|lookupService|reverse|resolve\w*)$/.test(name) || typeof original !== "function") continue;
        owner[name] = async function lookUpLocally(host, ...rest) {
            if (isFree(name, host)) return original.call(this, host, ...rest);
            throw notFound(host);
        };
    }
}

/** A lookup of an address asks nobody; any other query would go to a name server. */
const isFree = (name, host) => isLocal(host) || (name === "lookup" && net.isIP(String(host)) !== 0);

guardCallbacks(dns, isFree);
guardPromises(dns.promises, isFree);
for (const [Resolver, guard] of [[dns.Resolver, guardCallbacks], [dns.promises.Resolver, guardPromises]]) {
    const methods = {};
    for (let type = Resolver.prototype; type !== Object.prototype; type = Object.getPrototypeOf(type)) {
        for (const name of Object.getOwnPropertyNames(type)) methods[name] ??= type[name];
    }
    guard(methods, isFree);
    Object.assign(Resolver.prototype, Object.fromEntries(Object.entries(methods).filter(([name]) => /^(reverse|resolve)/.test(name))));
}
syncBuiltinESMExports();

if (isMainThread) {
    const parent = process.ppid;
    setInterval(() => {
        if (process.ppid !== parent) process.exit(1);
    }, PARENT_POLL_MS).unref();
}
