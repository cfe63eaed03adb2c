using System.Security.Cryptography;
using System.Text;

namespace Gantry.Gateway.Receive.Access;

/// <summary>
/// The bearer tokens (RFC 6750) that let a client in. Only their hashes are kept, and all are compared in the same time, so that neither a dump nor a
/// stopwatch tells one. Thread-safe.
/// </summary>
internal sealed class AccessTokens
{
    private const string Scheme = "Bearer ";
    private const int LeastLength = 16;
    private const int MostTokens = 10_000;

    private readonly ReceiveOptions _options;
    private byte[][] _hashes;

    /// <exception cref="InvalidDataException">The file or the variable is wrong; the message says how, and shows no token.</exception>
    public AccessTokens(ReceiveOptions options)
    {
        _options = options;
        _hashes = options.HasTokens ? Load(options) : [];
    }

    /// <returns>Null when the tokens can be read, else what is wrong.</returns>
    public static string? Check(ReceiveOptions options)
    {
        try
        {
            if (options.HasTokens)
            {
                Load(options);
            }

            return null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Takes the tokens that are there now.</summary>
    /// <inheritdoc cref="AccessTokens(ReceiveOptions)" path="/exception"/>
    public void Reload() => Volatile.Write(ref _hashes, Load(_options));

    /// <param name="authorization">The header of that name, or null.</param>
    /// <returns>Null when the client may come in, else what to tell it.</returns>
    public string? Refuse(string? authorization)
    {
        if (!_options.HasTokens)
        {
            return null;
        }

        if (string.IsNullOrEmpty(authorization))
        {
            return "no bearer token: set OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20TOKEN, or the header \"Authorization: Bearer TOKEN\"";
        }

        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return "the Authorization header is of another scheme; expected \"Authorization: Bearer TOKEN\"";
        }

        return IsKnown(authorization.AsSpan(Scheme.Length).Trim()) ? null : "the bearer token is not one of those that this gateway accepts";
    }

    private bool IsKnown(ReadOnlySpan<char> token)
    {
        Span<byte> bytes = stackalloc byte[256];
        if (token.Length > bytes.Length || !Encoding.UTF8.TryGetBytes(token, bytes, out var length))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        var known = false;
        foreach (var one in Volatile.Read(ref _hashes))
        {
            known |= CryptographicOperations.FixedTimeEquals(one, hash);
        }

        return known;
    }

    private static byte[][] Load(ReceiveOptions options)
    {
        var hashes = new List<byte[]>();
        if (options.TokenFile is { } file)
        {
            var number = 0;
            foreach (var line in ReadText(file).Split('\n'))
            {
                number++;
                var token = line.Trim();
                if (token.Length > 0 && token[0] != '#')
                {
                    hashes.Add(Hash(token, $"--token-file {file}, line {number}"));
                }
            }
        }

        if (options.TokenVariable is { } variable)
        {
            foreach (var token in (Environment.GetEnvironmentVariable(variable) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                hashes.Add(Hash(token, $"--token-env {variable}"));
            }
        }

        var from = options.TokenFile is { } path ? $"--token-file {path}" : $"--token-env {options.TokenVariable}";
        return hashes.Count switch
        {
            0 => throw new InvalidDataException($"{from}: there is no token in it; put one a line, such as from `openssl rand -hex 32`"),
            > MostTokens => throw new InvalidDataException($"{from}: {hashes.Count} tokens; expected at most {MostTokens}"),
            _ => [.. hashes],
        };
    }

    private static string ReadText(string file)
    {
        try
        {
            return Encoding.UTF8.GetString(FileWatch.Read(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"--token-file {file}: {exception.Message}", exception);
        }
    }

    /// <param name="where">For the message: the token itself is never shown.</param>
    private static byte[] Hash(string token, string where)
    {
        if (token.Length is < LeastLength or > 256)
        {
            throw new InvalidDataException($"{where}: the token has {token.Length} characters; expected {LeastLength} to 256, such as from `openssl rand -hex 32`");
        }

        return token.All(letter => letter is > ' ' and <= '~' and not ',' and not '"')
            ? SHA256.HashData(Encoding.UTF8.GetBytes(token))
            : throw new InvalidDataException($"{where}: the token has a character that a header cannot carry; expected letters, digits and -._~+/=");
    }
}
