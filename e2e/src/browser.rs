//! A headless Chromium, driven by `chromedriver` (the W3C's `WebDriver`).

use std::{
    env,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::json;
use tempfile::TempDir;
use testkit::{
    process::{Program, Running},
    wait::wait_until,
};
use thirtyfour::{
    ChromiumLikeCapabilities, DesiredCapabilities, WebDriver,
    error::WebDriverErrorInner,
    extensions::query::{ElementQueryable, ElementWaitable},
    prelude::*,
};

/// How long a page has to show what a test looks for.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long an expression of a page's script has to hold; the driver ends a script after thirty seconds.
const SCRIPT_PATIENCE: Duration = Duration::from_secs(28);
/// How often it is looked for.
const INTERVAL: Duration = Duration::from_millis(50);

/// A driver that opens windows, each a browser of its own with its own cookies.
pub struct Browser {
    address: String,
    _driver: Running,
    folder: TempDir,
}

/// One browser's window.
pub struct Window {
    /// The driver's session, for what this type has no word for.
    pub driver: WebDriver,
}

impl Browser {
    /// Starts the driver.
    #[must_use]
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let driver =
            Program::new("chromedriver").arg(format!("--port={port}")).stdout(Stdio::null()).stderr(Stdio::null());
        let driver = driver.start().expect("chromedriver starts: is the package chromium-driver installed?");
        let address = format!("127.0.0.1:{port}");
        wait_until("chromedriver", PATIENCE, || std::net::TcpStream::connect(&address).ok());
        Self { address: format!("http://{address}"), _driver: driver, folder }
    }

    /// Opens a window of this size, in CSS pixels.
    pub async fn open(&self, name: &str, width: u32, height: u32) -> WebDriverResult<Window> {
        let mut wishes = DesiredCapabilities::chrome();
        let profile = self.folder.path().join(name);
        for flag in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            // A microphone that hums, and a person who allows it.
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            &format!("--user-data-dir={}", profile.display()),
            &format!("--window-size={width},{height}"),
        ] {
            wishes.add_arg(flag)?;
        }
        let driver = WebDriver::new(&self.address, wishes).await?;
        // A window is at least 500 pixels wide; a telephone is not.
        let screen = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", screen).await?;
        Ok(Window { driver })
    }
}

impl Window {
    /// Goes to an address.
    pub async fn goes_to(&self, url: &str) -> WebDriverResult<()> {
        self.driver.goto(url).await
    }

    /// Waits for an element that can be seen.
    pub async fn sees(&self, css: &str) -> WebDriverResult<WebElement> {
        let element = self.driver.query(By::Css(css)).wait(PATIENCE, INTERVAL).and_displayed().first().await?;
        element.wait_until().wait(PATIENCE, INTERVAL).displayed().await?;
        Ok(element)
    }

    /// Waits until no such element is there.
    pub async fn sees_no(&self, css: &str) -> WebDriverResult<()> {
        let gone = self.driver.query(By::Css(css)).wait(PATIENCE, INTERVAL).not_exists().await?;
        assert!(gone, "{css} is still there");
        Ok(())
    }

    /// Types into a field, after emptying it.
    pub async fn types(&self, css: &str, text: &str) -> WebDriverResult<()> {
        let types = async |field: WebElement| {
            field.clear().await?;
            field.send_keys(text).await
        };
        self.reaches(css, types).await
    }

    /// Clicks.
    pub async fn clicks(&self, css: &str) -> WebDriverResult<()> {
        self.reaches(css, async |element: WebElement| element.click().await).await
    }

    /// Does this to an element that can be seen. What is just being drawn, covered or replaced cannot be touched for a moment, and the
    /// driver says so at once: a person would try again until they have it.
    async fn reaches(&self, css: &str, what: impl AsyncFn(WebElement) -> WebDriverResult<()>) -> WebDriverResult<()> {
        use WebDriverErrorInner::{ElementClickIntercepted, ElementNotInteractable, StaleElementReference};
        let end = Instant::now() + PATIENCE;
        loop {
            let done = what(self.sees(css).await?).await;
            match done.as_ref().map_err(WebDriverError::as_inner) {
                Err(ElementNotInteractable(_) | ElementClickIntercepted(_) | StaleElementReference(_)) => {
                    assert!(Instant::now() < end, "{css} can be seen and not touched: {done:?}");
                }
                _ => return done,
            }
            // With one of the next frames.
            let frame = "requestAnimationFrame(() => setTimeout(arguments[0]))";
            self.driver.execute_async(frame, Vec::new()).await?;
        }
    }

    /// Makes an account by the form, and waits for the app.
    pub async fn signs_up(&self, base: &str, name: &str, password: &str) -> WebDriverResult<()> {
        self.goes_to(&format!("{base}/signup")).await?;
        self.types("input[name=username]", name).await?;
        self.types("input[name=password]", password).await?;
        self.types("input[name=password_again]", password).await?;
        self.clicks("form[action='/signup'] button[type=submit]").await?;
        self.sees("[data-connection=online]").await.map(drop)
    }

    /// Logs in by the form, and waits for the app.
    pub async fn logs_in(&self, base: &str, name: &str, password: &str) -> WebDriverResult<()> {
        self.goes_to(&format!("{base}/login")).await?;
        self.types("input[name=username]", name).await?;
        self.types("input[name=password]", password).await?;
        self.clicks("form[action='/login'] button[type=submit]").await?;
        self.sees("[data-connection=online]").await.map(drop)
    }

    /// Joins a room by typing its name.
    pub async fn joins(&self, room: &str) -> WebDriverResult<()> {
        self.types("#join-name", room).await?;
        self.sees("#join-name").await?.send_keys("" + Key::Enter).await?;
        self.sees("#composer textarea").await.map(drop)
    }

    /// Opens the direct chat with somebody, from the list of people.
    pub async fn opens_chat_with(&self, name: &str) -> WebDriverResult<()> {
        self.clicks("#new-chat").await?;
        self.clicks(&format!("#people [data-person='{name}']")).await?;
        self.sees("#composer textarea").await.map(drop)
    }

    /// Opens a chat or room that stands in the sidebar under this name.
    pub async fn opens(&self, name: &str) -> WebDriverResult<()> {
        let names = self.driver.query(By::Css(".room-link .room-name")).wait(PATIENCE, INTERVAL);
        names.with_text(name.to_owned()).first().await?.click().await?;
        self.sees("#composer textarea").await.map(drop)
    }

    /// Waits until the last message of the room has come so far: `sending`, `kept`, `delivered`, `read` or `failed`.
    pub async fn sees_last(&self, state: &str) -> WebDriverResult<()> {
        self.sees(&format!(".message:last-child[data-state={state}]")).await.map(drop)
    }

    /// Does what the browser does when the device is online again.
    pub async fn is_back_online(&self) -> WebDriverResult<()> {
        self.driver.execute("window.dispatchEvent(new Event('online'))", Vec::new()).await.map(drop)
    }

    /// Waits until the page would open without a network.
    pub async fn keeps_the_app(&self) -> WebDriverResult<()> {
        let ready = "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true))";
        self.driver.execute_async(ready, Vec::new()).await.map(drop)
    }

    /// Says something with Enter.
    pub async fn says(&self, text: &str) -> WebDriverResult<()> {
        self.reaches("#composer textarea", async |field: WebElement| field.send_keys(text).await).await?;
        self.reaches("#composer textarea", async |field: WebElement| field.send_keys("" + Key::Enter).await).await
    }

    /// Chooses something, by its words or its label, in the menu of the message that says this.
    pub async fn chooses(&self, text: &str, item: &str) -> WebDriverResult<()> {
        // The menu's code comes when the page has come to rest.
        let opens = format!(
            "document.querySelector('#message-menu') && [...document.querySelectorAll('.message')] \
             .find(row => row.querySelector('.message-text')?.textContent === {text:?})?.querySelector('.message-more')"
        );
        self.waits_until(&opens).await?;
        self.driver.execute(format!("({opens}).click()"), Vec::new()).await?;
        let button = format!(
            "[...document.querySelectorAll('#message-menu:popover-open button')] \
             .find(one => one.textContent === {item:?} || one.ariaLabel === {item:?})"
        );
        self.waits_until(&button).await?;
        self.driver.execute(format!("{button}.click()"), Vec::new()).await.map(drop)
    }

    /// Waits until a message of this text is shown.
    pub async fn hears(&self, text: &str) -> WebDriverResult<()> {
        let wanted = text.to_owned();
        let message = self.driver.query(By::Css(".message .message-text")).wait(PATIENCE, INTERVAL).with_text(wanted);
        message.first().await.map(drop)
    }

    /// Waits until such an element has this text. The page itself looks: what it draws anew meanwhile does not disturb it.
    pub async fn sees_text(&self, css: &str, text: &str) -> WebDriverResult<()> {
        let script = "const [css, text, tries, every, done] = arguments; let left = tries; const look = () => { \
            const found = [...document.querySelectorAll(css)].some(element => element.innerText.trim() === text); \
            if (found || left-- === 0) done(found); else setTimeout(look, every); }; look()";
        let tries = PATIENCE.as_millis() / INTERVAL.as_millis();
        let arguments = vec![json!(css), json!(text), json!(tries), json!(INTERVAL.as_millis())];
        let found = self.driver.execute_async(script, arguments).await?;
        assert_eq!(found.json().as_bool(), Some(true), "{css} does not say {text}");
        Ok(())
    }

    /// The texts of all messages that are shown, from the top.
    pub async fn texts(&self) -> WebDriverResult<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.driver.find_all(By::Css(".message .message-text")).await? {
            texts.push(element.text().await?);
        }
        Ok(texts)
    }

    /// Waits until an expression of the page's script holds.
    pub async fn waits_until(&self, script: &str) -> WebDriverResult<()> {
        // The page itself looks again and again, and gives up shortly before the driver does.
        let look = format!(
            "const [end, done] = [performance.now() + arguments[0], arguments[1]]; const look = () => ({script}) ? done(true) : \
             performance.now() > end ? done(false) : setTimeout(look, 50); look()"
        );
        let came = self.driver.execute_async(look, vec![json!(SCRIPT_PATIENCE.as_millis())]).await?;
        assert_eq!(came.json().as_bool(), Some(true), "it never came: {script}");
        Ok(())
    }

    /// Presses a key, wherever the focus is.
    pub async fn presses(&self, key: Key) -> WebDriverResult<()> {
        self.driver.action_chain().send_keys(key).perform().await
    }

    /// The result of a script that gives a truth value.
    pub async fn holds(&self, script: &str) -> WebDriverResult<bool> {
        self.driver.execute(format!("return ({script})"), Vec::new()).await?.convert()
    }

    /// Keeps a picture of the window beside the test's build, for whoever wants to look.
    pub async fn pictures(&self, name: &str) -> WebDriverResult<()> {
        let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.join("pictures")));
        let folder: PathBuf = beside.unwrap_or_else(env::temp_dir);
        if std::fs::create_dir_all(&folder).is_ok() {
            self.driver.screenshot(&folder.join(format!("{name}.png"))).await?;
        }
        Ok(())
    }

    /// Closes the window.
    pub async fn closes(self) -> WebDriverResult<()> {
        self.driver.clone().quit().await
    }
}

/// The window of a test that failed ends with the driver. To close it from here would wait until the driver's own patience ends, and
/// nobody would hear of the failure for minutes.
impl Drop for Window {
    fn drop(&mut self) {
        let _ = self.driver.clone().leak();
    }
}
