namespace Gantry.Protocol.Wire;

/// <summary>Why a reader stopped. The first failure stays; every later read returns a default.</summary>
public enum WireError
{
    None = 0,

    /// <summary>The bytes end inside a value.</summary>
    Truncated,

    /// <summary>A length that reaches past the end of the message it stands in.</summary>
    LengthPastEnd,

    /// <summary>A varint of more than ten bytes.</summary>
    VarintTooLong,

    /// <summary>Field number 0, a wire type that is a group (3, 4) or does not exist (6, 7), or a tag longer than need be.</summary>
    BadTag,

    /// <summary>A string field that is not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>Messages nested deeper than <see cref="ProtoReader.MaxDepth"/>.</summary>
    TooDeep,
}
