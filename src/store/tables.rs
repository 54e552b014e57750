//! Every table on one page: its name on disk, its key and its value in words.
//!
//! Keys and values are bytes on every engine; keys are made by `key`, values by `record`. The number at the end of a
//! name is the table's version: a change of shape makes a new table beside the old one.

macro_rules! tables {
    ($(#[$doc:meta])* $enum:ident { $($(#[$row:meta])* $variant:ident = $name:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $enum { $($(#[$row])* $variant,)+ }

        impl $enum {
            /// Every table, in the order of their positions.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The table's name on disk.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

tables! {
    /// A table of ordered byte keys.
    Table {
        /// Name → text: the schema's version and what the program remembers of itself.
        Meta = "meta-1";
        /// Revision (u64) → log entry.
        Log = "log-1";
        /// Material id → material.
        Materials = "materials-1";
        /// Organisation id, external id → material id.
        ExternalIds = "external-ids-1";
        /// Material id, version number (u32) → version.
        Versions = "versions-1";
        /// Material id, version number (u32), page number (u32) → page row.
        Pages = "pages-1";
        /// File id → file.
        Files = "files-1";
        /// Material id, version number (u32), file id → nothing.
        VersionFiles = "version-files-1";
        /// Blob hash, file or version key → nothing: who uses a blob.
        BlobUses = "blob-uses-1";
        /// Organisation id → organisation.
        Organisations = "organisations-1";
        /// Ordinal (u32) → what happened to organisations.
        OrganisationEvents = "organisation-events-1";
        /// Area id → area.
        Areas = "areas-1";
        /// Ordinal (u32) → what happened to areas.
        AreaEvents = "area-events-1";
        /// Topic id → topic.
        Topics = "topics-1";
        /// Job id → job.
        Jobs = "jobs-1";
        /// Due time in milliseconds since 1970 (u64), job id → nothing: waiting jobs in order.
        JobsByTime = "jobs-by-time-1";
        /// Day (u32) → counts of the whole day.
        UsageDays = "usage-days-1";
        /// Day (u32), topic or nothing, query → count. Old days are added up under the first of their month.
        UsageQueries = "usage-queries-1";
        /// Day (u32), material id → count. Old days are added up under the first of their month.
        UsageMaterials = "usage-materials-1";
        /// Kind, id, revision (u64) → nothing: which log entries tell of a material, an organisation or an account.
        LogSubjects = "log-subjects-1";
        /// Account id → account.
        Accounts = "accounts-1";
        /// Login name or e-mail address → account id.
        AccountLogins = "account-logins-1";
        /// Issuer, subject → account id: who signs in at another's identity provider.
        AccountIdentities = "account-identities-1";
        /// Account id → what proves its owner: password hash, second step.
        Credentials = "credentials-1";
        /// Hash of the cookie's secret → session.
        Sessions = "sessions-1";
        /// Account id, session id → hash of the cookie's secret.
        AccountSessions = "account-sessions-1";
        /// Hash of the token → token.
        Tokens = "tokens-1";
        /// Account id, token id → hash of the token.
        AccountTokens = "account-tokens-1";
        /// Hash of the code → what the code opens once.
        Links = "links-1";
        /// Account id, or all zeros for the first administrator → hash of the one code that is valid.
        AccountLinks = "account-links-1";
        /// Material id, version number (u32) → what is proposed for its description.
        Proposals = "proposals-1";
        /// Account id, upload id → upload.
        Uploads = "uploads-1";
        /// Amendment id → what an administrator entered, with the rows as they were.
        Amendments = "amendments-1";
        /// Synonym id → words of the province that mean the same.
        Synonyms = "synonyms-1";
        /// Complaint id → complaint.
        Complaints = "complaints-1";
        /// Hash of the code that its writer has → complaint id.
        ComplaintCodes = "complaint-codes-1";
        /// Batch id → batch of documents.
        Batches = "batches-1";
        /// The same for jobs that recognise scans.
        OcrJobsByTime = "ocr-jobs-by-time-1";
        /// Material id, version number (u32), page number (u32) → the picture of the page that readers are shown.
        PageImages = "page-images-1";
        /// Organisation id, state, material id → nothing: what staff look for by state.
        MaterialStates = "material-states-1";
        /// Day (u32, counted from 1970), material id → nothing: when a version may come to stand otherwise. May name days
        /// that no version has any more.
        TurningDays = "turning-days-1";
        /// Direction (u32: 0 from the replaced, 1 from the replacing), material id, material id → nothing. May name pairs that no
        /// version has any more.
        Replacements = "replacements-1";
        /// Material id, ordinal (u32) → what was said about it on its way to the public.
        Remarks = "remarks-1";
        /// Material id, version number (u32) → signature of its text.
        Signatures = "signatures-1";
        /// Key of a signature (u64), material id, version number (u32) → nothing: where nearly the same texts are found.
        SignatureKeys = "signature-keys-1";
        /// Course id → course.
        Courses = "courses-1";
        /// Class id → class.
        Classes = "classes-1";
        /// Organisation id, class id → nothing: the classes of a centre and of those who have them together with it.
        OrganisationClasses = "organisation-classes-1";
        /// Material id, class id → nothing: where a material is used.
        MaterialClasses = "material-classes-1";
        /// Topic id, class id → nothing: what a topic's calendar shows.
        TopicClasses = "topic-classes-1";
        /// Class id, meeting id → meeting.
        Meetings = "meetings-1";
        /// Area id, day (u32), class id, meeting id → nothing.
        AreaMeetings = "area-meetings-1";
        /// Organisation id, day (u32), class id, meeting id → nothing.
        OrganisationMeetings = "organisation-meetings-1";
        /// Venue id, day (u32), class id, meeting id → nothing.
        VenueMeetings = "venue-meetings-1";
        /// Speaker id, day (u32), class id, meeting id → nothing.
        SpeakerMeetings = "speaker-meetings-1";
        /// Venue id → venue.
        Venues = "venues-1";
        /// Area id, venue id → nothing.
        AreaVenues = "area-venues-1";
        /// Venue id, block id → what takes the venue.
        VenueBlocks = "venue-blocks-1";
        /// Venue id, day (u32), block id → nothing: every day of which a block takes some part.
        VenueBlockDays = "venue-block-days-1";
        /// Speaker id → speaker.
        Speakers = "speakers-1";
        /// Speaker id → hash of the secret in the address of the speaker's calendar.
        SpeakerCalendars = "speaker-calendars-1";
        /// Organisation id, material id → nothing: the materials with comments that nobody has taken note of, once they were
        /// published.
        UnnotedRemarks = "unnoted-remarks-1";
        /// Kind, id, revision (u64) → what the revision altered of the thing, from what to what.
        Alterations = "alterations-1";
        /// Request id → request for a speaker.
        SpeakerRequests = "speaker-requests-1";
        /// Organisation id, side (u32: 0 asks, 1 is asked), request id → nothing.
        OrganisationRequests = "organisation-requests-1";
        /// Class id, request id → nothing.
        ClassRequests = "class-requests-1";
        /// State, request id → nothing: what the province looks for.
        RequestStates = "request-states-1";
        /// Day (u32), request id → nothing: by when an answer is due that is waited for.
        RequestDays = "request-days-1";
        /// Speaker id, day (u32), request id → nothing: promised dates that are no meetings yet.
        SpeakerRequestDays = "speaker-request-days-1";
        /// Storm id → what was done because of a storm, with the meetings before and after.
        Storms = "storms-1";
        /// Learner id → learner; what names a person is sealed.
        Learners = "learners-1";
        /// Organisation id, learner id → nothing: the learners of a centre.
        OrganisationLearners = "organisation-learners-1";
        /// Organisation id, blind mark, learner id → nothing: where the same person or telephone number is found.
        LearnerMarks = "learner-marks-1";
        /// Class id, registration id → registration.
        Registrations = "registrations-1";
        /// Learner id, class id, registration id → nothing.
        LearnerRegistrations = "learner-registrations-1";
        /// Blind mark of a code, or of a form that was sent → class id, registration id.
        RegistrationMarks = "registration-marks-1";
        /// Class id → how many of its registrations stand how.
        ClassTallies = "class-tallies-1";
        /// Class id, meeting id, learner id → how the learner was at the meeting, with every mark that was made.
        Attendance = "attendance-1";
        /// Class id, meeting id → how many were at the meeting.
        AttendanceTotals = "attendance-totals-1";
        /// Class id, learner id → certificate.
        Certificates = "certificates-1";
        /// Code → class id, learner id.
        CertificateCodes = "certificate-codes-1";
        /// Organisation id, year (u32) → the last number that was given.
        CertificateNumbers = "certificate-numbers-1";
    }
}

impl Table {
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
                | Self::SpeakerCalendars
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
