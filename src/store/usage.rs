//! Counts of use by day. They lie outside the log: nothing follows them, and a lost minute is no harm.

use super::key::{Key, text_at, u32_at, uuid_at};
use super::tables::Table;
use super::{ReadTx, Scan, StoreError, WriteTx, record};
use crate::domain::id::{MaterialId, TopicId};
use crate::domain::usage::{DayCount, MaterialCount, Period, QueryCount};
use chrono::{Days, NaiveDate};
use serde::de::DeserializeOwned;

/// The count of one query on one day, under one topic filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryRow {
    /// The day, or the first of the month for days that were added up.
    pub day: NaiveDate,
    pub topic: Option<TopicId>,
    /// The query in the one form under all its spellings.
    pub key: String,
    pub count: QueryCount,
}

/// The count of one material on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialRow {
    pub day: NaiveDate,
    pub material: MaterialId,
    pub count: MaterialCount,
}

/// Days since 1970; days before count as 1970.
fn number(day: NaiveDate) -> u32 {
    let days = day.signed_duration_since(NaiveDate::default()).num_days();
    u32::try_from(days).unwrap_or(0)
}

fn day(number: u32) -> NaiveDate {
    NaiveDate::default().checked_add_days(Days::new(u64::from(number))).unwrap_or_default()
}

fn day_key(day: NaiveDate) -> Key {
    Key::new().u32(number(day))
}

fn query_key(day: NaiveDate, topic: Option<&TopicId>, key: &str) -> Vec<u8> {
    day_key(day).text(topic.map_or("", |topic| topic.as_str())).text(key).into_bytes()
}

fn material_key(day: NaiveDate, material: MaterialId) -> Vec<u8> {
    day_key(day).uuid(material.0).into_bytes()
}

fn get<T: DeserializeOwned + Default>(tx: &dyn ReadTx, table: Table, key: &[u8]) -> Result<Option<T>, StoreError> {
    tx.get(table, key)?.map(|bytes| record::decode(table, &bytes)).transpose()
}

/// The rows of a period.
fn rows<T: DeserializeOwned>(tx: &dyn ReadTx, table: Table, period: Period) -> Result<Vec<(Vec<u8>, T)>, StoreError> {
    let mut scan = Scan::all();
    scan.start = std::ops::Bound::Included(day_key(period.from).into_bytes());
    scan.end = Some(Key::new().u32(number(period.to).saturating_add(1)).into_bytes());
    let rows = tx.scan(table, &scan)?;
    rows.into_iter().map(|(key, bytes)| Ok((key, record::decode(table, &bytes)?))).collect()
}

/// Adds to the count of a day.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn add_day(tx: &mut WriteTx<'_>, day: NaiveDate, count: &DayCount) -> Result<(), StoreError> {
    let key = day_key(day).into_bytes();
    let mut sum: DayCount = get(tx, Table::UsageDays, &key)?.unwrap_or_default();
    sum.add(count);
    tx.put(Table::UsageDays, key, record::encode(Table::UsageDays, &sum)?);
    Ok(())
}

/// The counts of a period's days together.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn sum_of_days(tx: &dyn ReadTx, period: Period) -> Result<DayCount, StoreError> {
    let mut sum = DayCount::default();
    for (_, count) in rows::<DayCount>(tx, Table::UsageDays, period)? {
        sum.add(&count);
    }
    Ok(sum)
}

/// Adds to the count of a query.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn add_query(tx: &mut WriteTx<'_>, row: &QueryRow) -> Result<(), StoreError> {
    let key = query_key(row.day, row.topic.as_ref(), &row.key);
    let mut sum = get(tx, Table::UsageQueries, &key)?
        .unwrap_or_else(|| QueryCount { text: row.count.text.clone(), ..QueryCount::default() });
    sum.add(&row.count);
    tx.put(Table::UsageQueries, key, record::encode(Table::UsageQueries, &sum)?);
    Ok(())
}

/// Takes the count of a query away.
pub fn remove_query(tx: &mut WriteTx<'_>, row: &QueryRow) {
    tx.remove(Table::UsageQueries, query_key(row.day, row.topic.as_ref(), &row.key));
}

/// The counts of queries in a period, by day, topic and query.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn queries(tx: &dyn ReadTx, period: Period) -> Result<Vec<QueryRow>, StoreError> {
    let row = |(key, count): (Vec<u8>, QueryCount)| {
        let number = u32_at(&key, 0)?;
        let (topic, after) = text_at(&key, 4)?;
        let (query, _) = text_at(&key, after)?;
        Some(QueryRow { day: day(number), topic: TopicId::parse(&topic).ok(), key: query, count })
    };
    Ok(rows(tx, Table::UsageQueries, period)?.into_iter().filter_map(row).collect())
}

/// Adds to the count of a material.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn add_material(tx: &mut WriteTx<'_>, row: &MaterialRow) -> Result<(), StoreError> {
    let key = material_key(row.day, row.material);
    let mut sum: MaterialCount = get(tx, Table::UsageMaterials, &key)?.unwrap_or_default();
    sum.add(&row.count);
    tx.put(Table::UsageMaterials, key, record::encode(Table::UsageMaterials, &sum)?);
    Ok(())
}

/// Takes the count of a material away.
pub fn remove_material(tx: &mut WriteTx<'_>, row: &MaterialRow) {
    tx.remove(Table::UsageMaterials, material_key(row.day, row.material));
}

/// The counts of materials in a period, by day.
///
/// # Errors
/// When the engine fails or a row cannot be understood.
pub fn materials(tx: &dyn ReadTx, period: Period) -> Result<Vec<MaterialRow>, StoreError> {
    let row = |(key, count): (Vec<u8>, MaterialCount)| {
        Some(MaterialRow { day: day(u32_at(&key, 0)?), material: MaterialId(uuid_at(&key, 4)?), count })
    };
    Ok(rows(tx, Table::UsageMaterials, period)?.into_iter().filter_map(row).collect())
}
