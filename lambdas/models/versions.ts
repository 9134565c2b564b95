/** A version of a model as the API shows it. */

/** An item of the table model-metadata, as far as it is shown; `register-model` writes it. */
export interface ModelItem {
    readonly ModelId: string;
    readonly Version: string;
    readonly Status?: string;
    readonly Variant?: string;
    readonly Task?: string;
    readonly Label?: string;
    readonly Metrics?: Readonly<Record<string, number>>;
    readonly Rows?: Readonly<Record<string, number>>;
    readonly TrainingJobName?: string;
    readonly CreatedAt?: string;
}

/** An item of the table training-metrics, as far as it is shown. */
export interface MetricsItem {
    readonly Version: string;
    readonly Metrics?: Readonly<Record<string, number>>;
}

export interface ModelVersion {
    readonly modelId: string;
    readonly version: string;
    /** `registered`, `approved`, `superseded`. */
    readonly status?: string | undefined;
    /** For which it was trained. */
    readonly variant?: string | undefined;
    readonly task?: string | undefined;
    readonly label?: string | undefined;
    /** By name, of the test rows. */
    readonly metrics: Readonly<Record<string, number>>;
    /** Rows by part: train, validation, test, rejected. */
    readonly rows?: Readonly<Record<string, number>> | undefined;
    readonly trainingJobName?: string | undefined;
    /** ISO 8601. */
    readonly createdAt?: string | undefined;
}

/** Metrics that stand in no table of their own are those of the model's record. */
export function describeVersion(item: ModelItem, metrics: MetricsItem | undefined): ModelVersion {
    return {
        modelId: item.ModelId,
        version: item.Version,
        status: item.Status,
        variant: item.Variant,
        task: item.Task,
        label: item.Label,
        metrics: metrics?.Metrics ?? item.Metrics ?? {},
        rows: item.Rows,
        trainingJobName: item.TrainingJobName,
        createdAt: item.CreatedAt,
    };
}
