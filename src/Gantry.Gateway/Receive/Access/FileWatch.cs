using System.Security.Cryptography;

namespace Gantry.Gateway.Receive.Access;

/// <summary>
/// Tells whether files changed, by their content: whoever renews them may write in place, rename, or swap a link, as Kubernetes does, and
/// notifications and time stamps miss some of these.
/// </summary>
internal sealed class FileWatch(params string?[] paths)
{
    /// <summary>Far above any certificate chain or list of tokens.</summary>
    public const int MaxBytes = 1024 * 1024;

    private byte[] _seen = [];

    /// <summary>Also the first time. False while a file is missing or cannot be read: it may be in the middle of its renewal.</summary>
    public bool Changed()
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var path in paths)
            {
                if (path is not null)
                {
                    hash.AppendData(SHA256.HashData(Read(path)));
                }
            }

            var now = hash.GetHashAndReset();
            var changed = !now.AsSpan().SequenceEqual(_seen);
            _seen = now;
            return changed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <exception cref="IOException">Missing, or larger than <see cref="MaxBytes"/>.</exception>
    public static byte[] Read(string path)
    {
        using var file = File.OpenRead(path);
        return file.Length <= MaxBytes
            ? File.ReadAllBytes(path)
            : throw new IOException($"{path} has {file.Length} bytes; expected at most {MaxBytes}");
    }
}
