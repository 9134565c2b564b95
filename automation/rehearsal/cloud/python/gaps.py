"""What this cloud does not enforce, in the words of the report. `coveredBy` names the static rule that stands in, where there is one."""

GAPS: list[dict[str, str]] = []
