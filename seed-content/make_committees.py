"""Writes the committees of communes and of former districts into organisations.json and organisation_events.json.

Run by maintainers after make_areas.py: everything is derived from areas.csv and area_events.csv; other entries stay as they are.
"""
import csv
import json
from pathlib import Path

HERE = Path(__file__).parent
BASIS = "Kết thúc hoạt động của cấp huyện, tổ chức lại cấp xã từ 1/7/2025: NQ 1680/NQ-UBTVQH15 (16/6/2025)"


def rows(name):
    with open(HERE / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def organisation(id, kind, area, start, end):
    kind_word, _, rest = area["full_name"].partition(" ")
    if kind_word in ("Đặc", "Thị", "Thành"):
        second, _, rest = rest.partition(" ")
        kind_word += " " + second
    place = f"{kind_word.lower()} {rest}"
    name = {"name": f"Ủy ban nhân dân {place}", "short_name": f"UBND {place}", "from": start, "to": end, "legal_basis": BASIS}
    return {"id": id, "kind": kind, "parent": None, "names": [name], "created_on": start, "ended_on": end,
            "area": area["id"], "website": None}


def rewrite(name, is_ours, ours):
    path = HERE / name
    kept = [entry for entry in json.loads(path.read_text(encoding="utf-8")) if not is_ours(entry)]
    path.write_text(json.dumps(kept + ours, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def main():
    areas = {row["id"]: row for row in rows("areas.csv")}
    committees, events, heirs = [], [], {}
    for event in rows("area_events.csv"):
        for old in filter(None, event["from"].split(";")):
            district = areas[old]["parent"]
            if district.startswith("huyen.") and event["to"].startswith("qt."):
                heirs.setdefault(district, set()).add("ubnd." + event["to"].removeprefix("qt."))
    for area in areas.values():
        if area["id"].startswith("qt."):
            id = "ubnd." + area["id"].removeprefix("qt.")
            committees.append(organisation(id, "commune_committee", area, "2025-07-01", None))
        elif area["level"] == "district":
            id = "ubnd.huyen-" + area["id"].removeprefix("huyen.")
            committees.append(organisation(id, "district_committee", area, None, "2025-06-30"))
            events.append({"date": "2025-07-01", "kind": "abolish", "from": [id], "to": sorted(heirs[area["id"]]),
                           "functions": [], "legal_basis": BASIS})
    rewrite("organisations.json", lambda entry: entry["id"].startswith("ubnd."), committees)
    rewrite("organisation_events.json", lambda entry: entry["from"][0].startswith("ubnd."), events)
    print(f"{len(committees)} committees, {len(events)} events")


if __name__ == "__main__":
    main()
