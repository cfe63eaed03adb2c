using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Report;

/// <summary>
/// What the agent shows to the hub. An enrolment token ("gte_…") is exchanged once for a credential of the agent's own, which stays in the state folder,
/// readable for the agent's user alone; any other token is shown as it is.
/// </summary>
internal sealed class HubCredential(Uri hub, string? token, string? file, string folder, InstanceUid uid, ILogger logger)
{
    private const string Enrolment = "gte_";
    private const string FileName = "credential";
    private const int LongestToken = 1024;
    private const int LongestReply = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private string Stored => Path.Combine(folder, FileName);

    /// <returns>Null: there is none to show.</returns>
    /// <exception cref="HttpRequestException">The hub did not take the enrolment token, or cannot be reached; or the file cannot be read.</exception>
    public async Task<string?> GetAsync(CancellationToken cancellation)
    {
        var given = file is null ? token : Read(file) ?? throw new HttpRequestException($"the token file {file} cannot be read");
        return string.IsNullOrEmpty(given) ? null
            : !given.StartsWith(Enrolment, StringComparison.Ordinal) ? given
            : Read(Stored) ?? await EnrolAsync(given, cancellation);
    }

    /// <summary>The hub does not take it any more: revoked, or another hub. The next attempt enrols anew.</summary>
    public void Refused()
    {
        try
        {
            File.Delete(Stored);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then it is refused once more.
        }
    }

    private async Task<string> EnrolAsync(string enrolment, CancellationToken cancellation)
    {
        using var client = new HttpClient(HttpHandlers.Create(hub)) { Timeout = Patience, MaxResponseContentBufferSize = LongestReply };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.ToString().TrimEnd('/') + "/api/v1/access/enrol"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", enrolment);
        request.Content = new StringContent($$"""{"instanceUid":"{{uid.Value}}"}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request, cancellation);
        if (response.StatusCode != HttpStatusCode.Created)
        {
            throw new HttpRequestException($"the hub did not take the enrolment token (HTTP {(int)response.StatusCode})");
        }

        using var reply = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellation));
        var credential = reply.RootElement.TryGetProperty("token", out var issued) ? issued.GetString() : null;
        if (string.IsNullOrEmpty(credential))
        {
            throw new HttpRequestException("the hub took the enrolment token and gave no credential");
        }

        Save(credential);
        return credential;
    }

    private void Save(string credential)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stream = new FileStream(Stored, options);
            stream.Write(System.Text.Encoding.UTF8.GetBytes(credential));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.CredentialNotKept(logger, Stored, error.Message);
        }
    }

    private static string? Read(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= LongestToken ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
