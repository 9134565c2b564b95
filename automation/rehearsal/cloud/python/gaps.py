"""What this cloud does not enforce, in the words of the report. `coveredBy` names the static rule that stands in, where there is one."""

GAPS: list[dict[str, str]] = [
    {"what": "Lambda: the role's kms:Decrypt for an encrypted environment (AWS works with a grant that it makes itself)"},
    {"what": "Lambda: memory size and architecture; functions run as processes of this machine"},
    {"what": "Lambda: kms:CreateGrant and kms:DescribeKey of whoever creates a function, table or volume with a customer key"},
    {"what": "SageMaker: what the job's role needs of a disk's key beside kms:CreateGrant; policies of the S3 endpoint that a private job uses"},
    {"what": "SageMaker: a job's and an endpoint's own metrics; only the permission to write them is asked for"},
    {"what": "Step Functions: waiting is shortened; timeouts count it in full"},
    {"what": "API Gateway: tokens of an issuer that is not on this machine; its keys cannot be fetched, so they are refused"},
    {"what": "Lambda: more than one batch of a shard at a time (parallelization factor); one follows the other"},
    {"what": "Lambda: whether a role may write to an on-failure destination is judged when a batch is given up, not when the mapping is made"},
    {"what": "Kinesis: throughput limits of shards; a changed number of shards drops what was not read before"},
    {"what": "S3: server access logs; the configuration is kept, no log is written"},
    {"what": "S3: object lifecycle; nothing expires while a rehearsal runs"},
    {"what": "SNS: e-mail subscriptions; nothing is sent"},
    {"what": "IAM: changes take effect at once; on AWS they spread within seconds to minutes"},
]
