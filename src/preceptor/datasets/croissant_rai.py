"""The responsible-AI fields of a version's Croissant file: what the card says, for machines."""

from __future__ import annotations

from preceptor.core.json_values import JsonObject, JsonValue
from preceptor.datasets.card_rows import found, num_synthetic, privacy_checks
from preceptor.datasets.types import CheckResult, Composition, Manifest
from preceptor.qc.types import Agreement

UNTOUCHED = "No check for personal data was run."
MAINTENANCE = (
    "A version never changes. A record that is withdrawn is left out of every later version; the registry "
    "lists the versions that hold it."
)


def responsible_ai(manifest: Manifest) -> JsonObject:
    """The RAI properties that the manifest can fill; those that nobody stated are left out."""
    notes, made_of = manifest.notes, manifest.made_of or Composition()
    content: JsonObject = {
        "rai:personalSensitiveInformation": _personal_data(manifest),
        "rai:dataPreprocessingProtocol": [_check(result) for result in manifest.checks],
        "rai:dataLimitations": [*notes.limitations, *_person(manifest, "Known limitations")],
        "rai:dataAnnotationAnalysis": [_agreement(name, one) for name, one in sorted(notes.agreement.items())],
        "rai:dataReleaseMaintenancePlan": MAINTENANCE,
    }
    collection = " ".join(filter(None, (notes.collection, *_person(manifest, "Collection and annotators"))))
    if collection:
        content["rai:dataCollection"] = collection
    if manifest.governance.intended_use:
        content["rai:dataUseCases"] = [manifest.governance.intended_use]
    if made_of.counts.get("annotator"):
        content["rai:annotatorDemographics"] = [f"{len(made_of.counts['annotator'])} annotators, named by pseudonyms."]
    if num_synthetic(made_of):
        generators = [name for name in made_of.counts["generator"] if name]
        content["rai:machineAnnotationTools"] = [*sorted(generators)]
    consent = {name or "not stated": count for name, count in made_of.counts.get("consent", {}).items()}
    if consent:
        told = "; ".join(f"{name}: {count} records" for name, count in consent.items())
        content["usageInfo"] = {"@type": "sc:CreativeWork", "name": "Basis on which the data may be used", "text": told}
    return {name: value for name, value in content.items() if value not in ([], "")}


def _personal_data(manifest: Manifest) -> list[JsonValue]:
    ran = [result for result in privacy_checks(manifest) if not result.reason]
    if not ran:
        return [UNTOUCHED]
    return [
        f"{one.check} looked at {one.num_checked} records, objected to {found(one)}, mended or dropped {one.num_fixed}."
        for one in ran
    ]


def _check(result: CheckResult) -> str:
    if result.reason:
        return f"{result.check} (version {result.version}) did not run: {result.reason}."
    return (
        f"{result.check} (version {result.version}): {found(result)} of {result.num_checked} records found, "
        f"{result.num_fixed} mended or left out."
    )


def _agreement(name: str, one: Agreement) -> str:
    value = f"{one.value:.3f}" if one.value is not None else f"undefined: {one.reason}"
    interval = f" ({one.interval.low:.3f} to {one.interval.high:.3f})" if one.interval else ""
    counts = f"{one.num_items} items, {one.num_annotators} annotators, {one.num_answers} answers"
    return f"{name}: {one.coefficient} {value}{interval}; {counts}."


def _person(manifest: Manifest, heading: str) -> list[str]:
    text = manifest.notes.text.get(heading, "")
    return [text] if text else []
