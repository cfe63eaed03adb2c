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
internal sealed class ApplyException(string message) : Exception(message);
