//! The form of the tables of a pass.

use smol_str::SmolStr;

use crate::rules::{Case, Find, NameKind};

/// The columns of a table, and what a row finds. Rows are sorted by their key.
pub struct TableSpec {
    /// The column of the key, which every row fills.
    pub key: &'static str,
    /// The column of the forms that belong to the key, which every row fills too.
    pub forms: &'static str,
    /// Whether the key is what is wrong and the form is right; if not, it is the other way round.
    pub finds_key: bool,
    /// The columns that not all tables have.
    pub own_columns: &'static [&'static str],
    /// The columns whose cells hold several forms, with `|` between two of them.
    pub lists: &'static [&'static str],
    /// The keys of the `NAME.toml` beside a table that not all tables have.
    pub own_defaults: &'static [&'static str],
    /// Whether one row says all of a key, so that rows of the same key are joined.
    pub is_row_for_key: bool,
    /// What a wrong form of a row finds.
    pub find: fn(RowForm) -> Find,
    /// Why a form cannot be used, to complete "The pass cannot use the form: it …".
    pub fault: fn(&str) -> Option<&'static str>,
}

/// A wrong form of a row, and what row and table say of it.
pub struct RowForm {
    /// What is wrong.
    pub wrong: SmolStr,
    /// What is right.
    pub right: SmolStr,
    /// What happens to capitals.
    pub case: Case,
    /// Longer forms that hold the wrong one and are right.
    pub not_same: Vec<String>,
    /// Whose name it is.
    pub kind: NameKind,
}

impl TableSpec {
    /// The columns that all tables have.
    const SHARED: [&str; 4] = ["policy", "why", "example", "keep"];

    /// The columns in the order in which a new table has them; the first two are filled in every row.
    pub fn columns(&self) -> Vec<&'static str> {
        [self.key, self.forms].iter().chain(self.own_columns).chain(&Self::SHARED).copied().collect()
    }

    /// Whether every row fills this column.
    pub fn is_required(&self, column: &str) -> bool {
        column == self.key || column == self.forms
    }

    /// Whether a cell of this column holds several forms.
    pub fn is_list(&self, column: &str) -> bool {
        self.lists.contains(&column)
    }

    /// The columns of what is wrong and what is right.
    pub fn wrong_and_right(&self) -> (&'static str, &'static str) {
        if self.finds_key { (self.key, self.forms) } else { (self.forms, self.key) }
    }
}
