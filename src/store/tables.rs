//! Every table on one page: its name on disk, its key and its value in words.
//!
//! Keys and values are bytes on every engine; keys are made by `key`, values by `record`. The number at the end of a
//! name is the table's version: a change of shape makes a new table beside the old one.

/// A table of ordered byte keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// Name → text: the schema's version and what the program remembers of itself.
    Meta,
    /// Revision (u64) → log entry.
    Log,
    /// Material id → material.
    Materials,
    /// Organisation id, external id → material id.
    ExternalIds,
    /// Material id, version number (u32) → version.
    Versions,
    /// Material id, version number (u32), page number (u32) → page row.
    Pages,
    /// File id → file.
    Files,
    /// Material id, version number (u32), file id → nothing.
    VersionFiles,
    /// Blob hash, file or version key → nothing: who uses a blob.
    BlobUses,
    /// Organisation id → organisation.
    Organisations,
    /// Ordinal (u32) → what happened to organisations.
    OrganisationEvents,
    /// Area id → area.
    Areas,
    /// Ordinal (u32) → what happened to areas.
    AreaEvents,
    /// Topic id → topic.
    Topics,
    /// Job id → job.
    Jobs,
    /// Due time in milliseconds since 1970 (u64), job id → nothing: waiting jobs in order.
    JobsByTime,
    /// Day (u32) → counts of the whole day.
    UsageDays,
    /// Day (u32), topic or nothing, query → count. Old days are added up under the first of their month.
    UsageQueries,
    /// Day (u32), material id → count. Old days are added up under the first of their month.
    UsageMaterials,
    /// Kind, id, revision (u64) → nothing: which log entries tell of a material, an organisation or an account.
    LogSubjects,
    /// Account id → account.
    Accounts,
    /// Login name or e-mail address → account id.
    AccountLogins,
    /// Issuer, subject → account id: who signs in at another's identity provider.
    AccountIdentities,
    /// Account id → what proves its owner: password hash, second step.
    Credentials,
    /// Hash of the cookie's secret → session.
    Sessions,
    /// Account id, session id → hash of the cookie's secret.
    AccountSessions,
    /// Hash of the token → token.
    Tokens,
    /// Account id, token id → hash of the token.
    AccountTokens,
    /// Hash of the code → what the code opens once.
    Links,
    /// Account id, or all zeros for the first administrator → hash of the one code that is valid.
    AccountLinks,
    /// Material id, version number (u32) → what is proposed for its description.
    Proposals,
    /// Account id, upload id → upload.
    Uploads,
    /// Amendment id → what an administrator entered, with the rows as they were.
    Amendments,
    /// Synonym id → words of the province that mean the same.
    Synonyms,
    /// Complaint id → complaint.
    Complaints,
    /// Hash of the code that its writer has → complaint id.
    ComplaintCodes,
    /// Batch id → batch of documents.
    Batches,
    /// The same for jobs that recognise scans.
    OcrJobsByTime,
    /// Material id, version number (u32), page number (u32) → the picture of the page that readers are shown.
    PageImages,
    /// Organisation id, state, material id → nothing: what staff look for by state.
    MaterialStates,
    /// Day (u32, counted from 1970), material id → nothing: when a version may come to stand otherwise. May name days
    /// that no version has any more.
    TurningDays,
    /// Direction (u32: 0 from the replaced, 1 from the replacing), material id, material id → nothing. May name pairs that no
    /// version has any more.
    Replacements,
    /// Material id, ordinal (u32) → what was said about it on its way to the public.
    Remarks,
    /// Material id, version number (u32) → signature of its text.
    Signatures,
    /// Key of a signature (u64), material id, version number (u32) → nothing: where nearly the same texts are found.
    SignatureKeys,
    /// Course id → course.
    Courses,
    /// Class id → class.
    Classes,
    /// Organisation id, class id → nothing: the classes of a centre and of those who have them together with it.
    OrganisationClasses,
    /// Material id, class id → nothing: where a material is used.
    MaterialClasses,
    /// Class id, meeting id → meeting.
    Meetings,
    /// Area id, day (u32), class id, meeting id → nothing.
    AreaMeetings,
    /// Organisation id, day (u32), class id, meeting id → nothing.
    OrganisationMeetings,
    /// Venue id, day (u32), class id, meeting id → nothing.
    VenueMeetings,
    /// Speaker id, day (u32), class id, meeting id → nothing.
    SpeakerMeetings,
    /// Venue id → venue.
    Venues,
    /// Area id, venue id → nothing.
    AreaVenues,
    /// Venue id, block id → what takes the venue.
    VenueBlocks,
    /// Venue id, day (u32), block id → nothing: every day of which a block takes some part.
    VenueBlockDays,
    /// Speaker id → speaker.
    Speakers,
}

impl Table {
    /// Every table, in the order of their positions.
    pub const ALL: &[Self] = &[
        Self::Meta,
        Self::Log,
        Self::Materials,
        Self::ExternalIds,
        Self::Versions,
        Self::Pages,
        Self::Files,
        Self::VersionFiles,
        Self::BlobUses,
        Self::Organisations,
        Self::OrganisationEvents,
        Self::Areas,
        Self::AreaEvents,
        Self::Topics,
        Self::Jobs,
        Self::JobsByTime,
        Self::UsageDays,
        Self::UsageQueries,
        Self::UsageMaterials,
        Self::LogSubjects,
        Self::Accounts,
        Self::AccountLogins,
        Self::AccountIdentities,
        Self::Credentials,
        Self::Sessions,
        Self::AccountSessions,
        Self::Tokens,
        Self::AccountTokens,
        Self::Links,
        Self::AccountLinks,
        Self::Proposals,
        Self::Uploads,
        Self::Amendments,
        Self::Synonyms,
        Self::Complaints,
        Self::ComplaintCodes,
        Self::Batches,
        Self::OcrJobsByTime,
        Self::PageImages,
        Self::MaterialStates,
        Self::TurningDays,
        Self::Replacements,
        Self::Remarks,
        Self::Signatures,
        Self::SignatureKeys,
        Self::Courses,
        Self::Classes,
        Self::OrganisationClasses,
        Self::MaterialClasses,
        Self::Meetings,
        Self::AreaMeetings,
        Self::OrganisationMeetings,
        Self::VenueMeetings,
        Self::SpeakerMeetings,
        Self::Venues,
        Self::AreaVenues,
        Self::VenueBlocks,
        Self::VenueBlockDays,
        Self::Speakers,
    ];

    /// The table's name on disk.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Meta => "meta-1",
            Self::Log => "log-1",
            Self::Materials => "materials-1",
            Self::ExternalIds => "external-ids-1",
            Self::Versions => "versions-1",
            Self::Pages => "pages-1",
            Self::Files => "files-1",
            Self::VersionFiles => "version-files-1",
            Self::BlobUses => "blob-uses-1",
            Self::Organisations => "organisations-1",
            Self::OrganisationEvents => "organisation-events-1",
            Self::Areas => "areas-1",
            Self::AreaEvents => "area-events-1",
            Self::Topics => "topics-1",
            Self::Jobs => "jobs-1",
            Self::JobsByTime => "jobs-by-time-1",
            Self::UsageDays => "usage-days-1",
            Self::UsageQueries => "usage-queries-1",
            Self::UsageMaterials => "usage-materials-1",
            Self::LogSubjects => "log-subjects-1",
            Self::Accounts => "accounts-1",
            Self::AccountLogins => "account-logins-1",
            Self::AccountIdentities => "account-identities-1",
            Self::Credentials => "credentials-1",
            Self::Sessions => "sessions-1",
            Self::AccountSessions => "account-sessions-1",
            Self::Tokens => "tokens-1",
            Self::AccountTokens => "account-tokens-1",
            Self::Links => "links-1",
            Self::AccountLinks => "account-links-1",
            Self::Proposals => "proposals-1",
            Self::Uploads => "uploads-1",
            Self::Amendments => "amendments-1",
            Self::Synonyms => "synonyms-1",
            Self::Complaints => "complaints-1",
            Self::ComplaintCodes => "complaint-codes-1",
            Self::Batches => "batches-1",
            Self::OcrJobsByTime => "ocr-jobs-by-time-1",
            Self::PageImages => "page-images-1",
            Self::MaterialStates => "material-states-1",
            Self::TurningDays => "turning-days-1",
            Self::Replacements => "replacements-1",
            Self::Remarks => "remarks-1",
            Self::Signatures => "signatures-1",
            Self::SignatureKeys => "signature-keys-1",
            Self::Courses => "courses-1",
            Self::Classes => "classes-1",
            Self::OrganisationClasses => "organisation-classes-1",
            Self::MaterialClasses => "material-classes-1",
            Self::Meetings => "meetings-1",
            Self::AreaMeetings => "area-meetings-1",
            Self::OrganisationMeetings => "organisation-meetings-1",
            Self::VenueMeetings => "venue-meetings-1",
            Self::SpeakerMeetings => "speaker-meetings-1",
            Self::Venues => "venues-1",
            Self::AreaVenues => "area-venues-1",
            Self::VenueBlocks => "venue-blocks-1",
            Self::VenueBlockDays => "venue-block-days-1",
            Self::Speakers => "speakers-1",
        }
    }

    /// The table with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|table| table.name() == name)
    }

    /// Whether its rows open something or prove who someone is: they lie apart from the rest in a backup.
    pub const fn is_secret(self) -> bool {
        matches!(
            self,
            Self::Credentials
                | Self::Sessions
                | Self::AccountSessions
                | Self::Tokens
                | Self::AccountTokens
                | Self::Links
                | Self::AccountLinks
        )
    }

    /// The table's position in [`Table::ALL`].
    pub const fn position(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_follow_the_list_and_names_are_distinct() {
        for (position, table) in Table::ALL.iter().copied().enumerate() {
            assert_eq!(table.position(), position);
        }
        let names: std::collections::BTreeSet<_> = Table::ALL.iter().copied().map(Table::name).collect();
        assert_eq!(names.len(), Table::ALL.len());
        assert!(Table::ALL.iter().copied().all(|table| Table::named(table.name()) == Some(table)));
    }
}
