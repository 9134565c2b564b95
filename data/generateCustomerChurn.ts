/**
 * Writes `customer-churn.csv`, the data that the rehearsal trains on when it is given none: invented customers of an
 * invented telephone company. Same seed, same bytes. Run: `node data/generateCustomerChurn.ts`.
 */
import { writeFile } from "node:fs/promises";

const ROWS = 4_000;
const SEED = 20_260_901;
/** Share of cells left empty in the columns that have gaps. */
const MISSING_SHARE = 0.03;

interface Customer {
    readonly tenureMonths: number;
    readonly contract: string;
    readonly internet: string;
    readonly payment: string;
    readonly monthlyCharge: number;
    readonly dataUsageGb: number;
    readonly supportCalls: number;
    readonly latePayments: number;
    readonly satisfaction: number;
    readonly paperless: boolean;
    readonly seniorCitizen: boolean;
}

/** mulberry32: small, seeded and good enough for invented people. */
function createRandom(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), state | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

const random = createRandom(SEED);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

function pick(weights: Readonly<Record<string, number>>): string {
    let rest = random();
    for (const [name, weight] of Object.entries(weights)) {
        rest -= weight;
        if (rest <= 0) return name;
    }
    return Object.keys(weights)[0]!;
}

function countEvents(mean: number): number {
    const limit = Math.exp(-mean);
    let product = random();
    let count = 0;
    for (; product > limit; count++) product *= random();
    return count;
}

function createCustomer(): Customer {
    const contract = pick({ "month-to-month": 0.52, "one year": 0.26, "two years": 0.22 });
    const internet = pick({ fibre: 0.46, dsl: 0.36, none: 0.18 });
    const loyalty = { "month-to-month": 18, "one year": 34, "two years": 50 }[contract]!;
    const base = { fibre: 68, dsl: 44, none: 20 }[internet]!;
    return {
        contract,
        internet,
        tenureMonths: Math.min(96, Math.max(1, Math.round(-Math.log(1 - random()) * loyalty))),
        payment: pick({ "bank transfer": 0.31, "credit card": 0.29, "electronic cheque": 0.25, "mailed cheque": 0.15 }),
        monthlyCharge: round(Math.max(15, base + normal() * 12), 2),
        dataUsageGb: internet === "none" ? 0 : round(Math.exp(3.4 + normal() * 0.8), 1),
        supportCalls: countEvents(internet === "fibre" ? 1.9 : 1.2),
        latePayments: countEvents(0.7),
        satisfaction: Math.min(5, Math.max(1, Math.round(3.4 + normal() * 1.1))),
        paperless: random() < 0.6,
        seniorCitizen: random() < 0.17,
    };
}

/** Log-odds of leaving, with bends and an interaction, so that trees have something to find beyond a straight line. */
function computeLeavingLogit(customer: Customer): number {
    const { contract, internet, payment, tenureMonths, monthlyCharge, supportCalls, latePayments, satisfaction } = customer;
    const byContract = { "month-to-month": 1.5, "one year": -0.4, "two years": -1.8 }[contract]!;
    const byInternet = { fibre: 0.7, dsl: 0, none: -0.8 }[internet]!;
    const newcomer = tenureMonths <= 6 ? 1.4 : tenureMonths <= 18 ? 0.4 : -0.5;
    const annoyed = supportCalls >= 4 ? 2 : supportCalls * 0.25;
    const expensive = contract === "month-to-month" ? Math.max(0, monthlyCharge - 65) * 0.06 : 0;
    const byPayment = payment === "electronic cheque" ? 0.6 : 0;
    const byAge = customer.seniorCitizen ? 0.4 : 0;
    return -3.1 + byContract + byInternet + newcomer + annoyed + expensive + byPayment + byAge + latePayments * 0.45 - (satisfaction - 3) * 0.8;
}

function formatRow(index: number): string {
    const customer = createCustomer();
    const leaves = random() < 1 / (1 + Math.exp(-(computeLeavingLogit(customer) + normal() * 0.6)));
    const orEmpty = (value: string | number): string | number => (random() < MISSING_SHARE ? "" : value);
    const total = round(customer.monthlyCharge * customer.tenureMonths * (0.95 + random() * 0.1), 2);
    return [
        `C${String(100_000 + index * 7)}`, customer.tenureMonths, customer.contract, customer.internet, customer.payment,
        customer.monthlyCharge, orEmpty(total), orEmpty(customer.dataUsageGb), customer.supportCalls, customer.latePayments,
        orEmpty(customer.satisfaction), customer.paperless ? "yes" : "no", customer.seniorCitizen, leaves ? "yes" : "no",
    ].join(",");
}

const header = "customer_id,tenure_months,contract,internet_service,payment_method,monthly_charge,total_charge,data_usage_gb,"
    + "support_calls,late_payments,satisfaction,paperless_billing,senior_citizen,churned";
const rows = Array.from({ length: ROWS }, (_, index) => formatRow(index));
await writeFile(new URL("customer-churn.csv", import.meta.url), `${header}\n${rows.join("\n")}\n`);
