//! Classes by id, by those who have them, by the materials that are used and by topic.

use crate::domain::class::Class;
use crate::domain::id::{ClassId, MaterialId, OrganisationId, TopicId};
use crate::store::key::{Key, uuid_at};
use crate::store::tables::Table;
use crate::store::{ReadTx, Scan, StoreError, WriteTx, record};

fn key(id: ClassId) -> Vec<u8> {
    Key::new().uuid(id.0).into_bytes()
}

/// Under what else a class is found.
fn indexed(class: &Class) -> impl Iterator<Item = (Table, Vec<u8>)> {
    let id = class.id.0;
    let organisers = class.organisers().map(move |organisation| {
        (Table::OrganisationClasses, Key::new().text(organisation.as_str()).uuid(id).into_bytes())
    });
    let materials = class.teaching.materials.iter();
    let materials =
        materials.map(move |material| (Table::MaterialClasses, Key::new().uuid(material.0).uuid(id).into_bytes()));
    let topics = class.teaching.topics.iter();
    let topics = topics.map(move |topic| (Table::TopicClasses, Key::new().text(topic.as_str()).uuid(id).into_bytes()));
    organisers.chain(materials).chain(topics)
}

/// The class with an id.
///
/// # Errors
/// When the engine fails or the row cannot be understood.
pub fn get(tx: &dyn ReadTx, id: ClassId) -> Result<Option<Class>, StoreError> {
    tx.get(Table::Classes, &key(id))?.map(|bytes| record::decode(Table::Classes, &bytes)).transpose()
}

/// Puts a class.
///
/// # Errors
/// When the engine fails or the row cannot be written.
pub fn put(tx: &mut WriteTx<'_>, class: &Class) -> Result<(), StoreError> {
    if let Some(before) = get(tx, class.id)? {
        for (table, key) in indexed(&before) {
            tx.remove(table, key);
        }
    }
    for (table, key) in indexed(class) {
        tx.put(table, key, Vec::new());
    }
    let row = record::encode(Table::Classes, class)?;
    tx.put(Table::Classes, key(class.id), row);
    Ok(())
}

/// The ids of the classes that an organisation has, alone or together with others; the latest first.
///
/// # Errors
/// When the engine fails.
pub fn of_organisation(tx: &dyn ReadTx, organisation: &OrganisationId) -> Result<Vec<ClassId>, StoreError> {
    let prefix = Key::new().text(organisation.as_str());
    let rows = tx.scan(Table::OrganisationClasses, &Scan::prefix(prefix.bytes()).reverse())?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len())).map(ClassId).collect())
}

/// The ids of the classes that use a material; the latest first.
///
/// # Errors
/// When the engine fails.
pub fn with_material(tx: &dyn ReadTx, material: MaterialId) -> Result<Vec<ClassId>, StoreError> {
    let prefix = Key::new().uuid(material.0);
    let rows = tx.scan(Table::MaterialClasses, &Scan::prefix(prefix.bytes()).reverse())?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len())).map(ClassId).collect())
}

/// The ids of the classes that are about a topic, under exactly this id.
///
/// # Errors
/// When the engine fails.
pub fn about(tx: &dyn ReadTx, topic: &TopicId) -> Result<Vec<ClassId>, StoreError> {
    let prefix = Key::new().text(topic.as_str());
    let rows = tx.scan(Table::TopicClasses, &Scan::prefix(prefix.bytes()))?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, prefix.bytes().len())).map(ClassId).collect())
}

/// The ids of all classes, the oldest first.
///
/// # Errors
/// When the engine fails.
pub fn ids(tx: &dyn ReadTx) -> Result<Vec<ClassId>, StoreError> {
    let rows = tx.scan(Table::Classes, &Scan::all())?;
    Ok(rows.iter().filter_map(|(key, _)| uuid_at(key, 0)).map(ClassId).collect())
}
