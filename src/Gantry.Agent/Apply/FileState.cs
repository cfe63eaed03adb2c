using System.Security.Cryptography;

namespace Gantry.Agent.Apply;

/// <summary>A file as it is, or was; null stands for none.</summary>
/// <param name="Mode">Permission bits, with the special ones.</param>
internal sealed record FileState(byte[] Content, int Mode, uint User, uint Group)
{
    /// <summary>Tells one state from another: content, mode and owner. Worked out each time: a copy with other content has another one.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData([.. Content, .. System.Text.Encoding.ASCII.GetBytes($"\n{Mode} {User} {Group}")]));

    public static string HashOf(FileState? state) => state?.Hash ?? "";
}

/// <summary>The host's files cannot or must not be changed; the message says which one, and what to do. Nothing was changed.</summary>
internal class ApplyException(string message) : Exception(message);

/// <summary>At its path is no plain file, or a link is on the way: somebody else put it there, and it is left alone.</summary>
internal sealed class ForeignFileException(string message) : ApplyException(message);

/// <summary>What a change of the host's files came to.</summary>
/// <param name="IsChanged">Whether any file was changed.</param>
/// <param name="Skipped">Path to why it was left as it is: somebody else changed it. The others are as they are to be.</param>
internal sealed record HostChange(bool IsChanged, IReadOnlyDictionary<string, string> Skipped);
