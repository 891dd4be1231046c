//! Why a CAP message is refused: in English for logs and the command line, in Chinese for officials.

/// What is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More bytes, elements or levels than any real alert has.
    #[error("it is larger than {0}")]
    TooLarge(&'static str),
    /// Not well-formed, or not UTF-8.
    #[error("it is no well-formed XML in UTF-8: {0}")]
    Broken(String),
    /// A document type or an entity of its own: what could fetch files or grow without end.
    #[error("it carries a document type or an entity of its own (`{0}`), which is never read")]
    Declares(String),
    /// Another vocabulary, or another version of this one.
    #[error("it is no CAP 1.2 alert: its root is `{root}` of `{namespace}`")]
    Version {
        /// Name of the root.
        root: String,
        /// Its namespace.
        namespace: String,
    },
    /// A required element is missing.
    #[error("`{parent}` has no `{name}` where one is required")]
    Missing {
        /// The element it should stand in.
        parent: &'static str,
        /// The element that is missing.
        name: &'static str,
    },
    /// An element that has no place there, or stands out of order.
    #[error("`{parent}` has a `{name}` where none may stand")]
    Misplaced {
        /// The element it stands in.
        parent: &'static str,
        /// The element.
        name: String,
    },
    /// A value that its element cannot have.
    #[error("`{name}` cannot be `{value}`")]
    Value {
        /// The element.
        name: &'static str,
        /// What it says, shortened.
        value: String,
    },
    /// Well formed and yet wrong in meaning.
    #[error("{english}")]
    Meaning {
        /// For the log.
        english: &'static str,
        /// For officials.
        chinese: &'static str,
    },
}

impl Fault {
    /// What it is, for officials.
    pub fn chinese(&self) -> String {
        match self {
            Self::TooLarge(limit) => format!("文件太大（超过 {limit}），不像一条预警。"),
            Self::Broken(_) => "文件不是完好的 XML（UTF-8），可能没有下载完整。".to_owned(),
            Self::Declares(name) => {
                format!("文件里有外部引用或自定义实体（{name}），为了安全不读取。")
            }
            Self::Version { root, .. } => {
                format!("不是 CAP 1.2 格式的预警（最外层是 {root}）。请向发布机关要 CAP 1.2 文件。")
            }
            Self::Missing { parent, name } => format!("缺少必须有的内容：{parent} 里没有 {name}。"),
            Self::Misplaced { parent, name } => {
                format!("{parent} 里的 {name} 多余，或者顺序不对。")
            }
            Self::Value { name, value } => format!("{name} 的内容“{value}”不合规定。"),
            Self::Meaning { chinese, .. } => (*chinese).to_owned(),
        }
    }
}
